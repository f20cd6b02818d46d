using Telemetry.Model;

namespace Telemetry.Influx;

/// <summary>A field that the server has with another type than ours.</summary>
/// <param name="Measurement">The measurement without escapes.</param>
/// <param name="Field">The field key without escapes.</param>
/// <param name="Type">Its type there.</param>
/// <param name="LearntAt">When the server said so, nanoseconds since 1970.</param>
/// <param name="Words">What it said.</param>
public sealed record ServerFieldType(string Measurement, string Field, FieldType Type, long LearntAt, string Words);

/// <summary>
/// Fields of which the server has said that it has them with another type than they are sent with. The first type of a
/// field wins there as it does here, and what this service sent before never conflicts, for the catalogue keeps its
/// first types over a restart: what is listed here others have written. For any thread.
/// </summary>
public sealed class ServerFieldTypes
{
    /// <summary>Fields remembered; of a further one the server is asked each time (law L6).</summary>
    public const int CountMax = 10_000;

    /// <summary>
    /// What the server said is believed for a day: its types are those of a shard (InfluxDB 1.x), or someone has mended
    /// it. Then one request finds out anew.
    /// </summary>
    private const int BelievedDays = 1;
    private const long BelievedNanoseconds = BelievedDays * 86_400 * Timestamp.NanosecondsPerSecond;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Measurement, string Field), ServerFieldType> _types = [];
    private volatile int _version;

    /// <summary>Changes when anything is learnt or forgotten.</summary>
    public int Version => _version;

    /// <summary>All of them.</summary>
    public IReadOnlyList<ServerFieldType> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _types.Values];
            }
        }
    }

    /// <summary>What the server said of a field; null when it said nothing.</summary>
    public ServerFieldType? Find(string measurement, string field)
    {
        lock (_gate)
        {
            return _types.GetValueOrDefault((measurement, field));
        }
    }

    /// <summary>Takes note of what the server said.</summary>
    /// <returns>False when it was known, or there is no room.</returns>
    public bool Learn(ServerFieldType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        (string, string) key = (type.Measurement, type.Field);
        lock (_gate)
        {
            bool isKnown = _types.TryGetValue(key, out ServerFieldType? known);
            if (isKnown ? known!.Type == type.Type : _types.Count >= CountMax)
            {
                return false;
            }

            _types[key] = type;
            _version++;
            return true;
        }
    }

    /// <summary>Forgets what was said too long ago.</summary>
    /// <param name="now">Nanoseconds since 1970.</param>
    /// <returns>True when something was forgotten.</returns>
    public bool Forget(long now)
    {
        lock (_gate)
        {
            (string, string)[] old =
            [
                .. _types.Where(type => now - type.Value.LearntAt >= BelievedNanoseconds).Select(type => type.Key),
            ];
            foreach ((string, string) key in old)
            {
                _types.Remove(key);
            }

            _version += old.Length > 0 ? 1 : 0;
            return old.Length > 0;
        }
    }
}
