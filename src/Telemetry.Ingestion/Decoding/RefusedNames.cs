using System.Collections.Concurrent;
using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A field whose points are refused, by name.</summary>
/// <param name="Series">Measurement and tags as they arrived.</param>
/// <param name="Field">The field.</param>
/// <param name="Type">The type it arrived with.</param>
/// <param name="Reason">Why its points are refused.</param>
public readonly record struct RefusedName(string Series, string Field, FieldType Type, InternOutcome Reason);

/// <summary>The names whose points were refused at the tail, each with its count; with a ceiling.</summary>
public sealed class RefusedNames : IRefusalListener
{
    private const int CountMax = 10_000; // a list for people; what is beyond is counted in the metrics, not listed
    private readonly ConcurrentDictionary<RefusedName, long> _names = new();

    /// <summary>All listed names with how many points each has cost.</summary>
    public IReadOnlyCollection<KeyValuePair<RefusedName, long>> Names => [.. _names];

    /// <inheritdoc/>
    public void OnRefused(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, InternOutcome reason)
    {
        var name = new RefusedName(Encoding.UTF8.GetString(arrivingSeries), fieldName, type, reason);
        if (_names.Count < CountMax || _names.ContainsKey(name))
        {
            _names.AddOrUpdate(name, 1, (_, count) => count + 1);
        }
    }
}
