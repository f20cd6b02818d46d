using System.Text;
using Telemetry.Mqtt;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Access;

/// <summary>
/// The rights of one connected client. They are those of the table of the moment: after a reload the next question
/// expands the new patterns, and a revoked identity has none.
/// </summary>
internal sealed class GatewayRights : IClientRights
{
    private readonly Func<IdentityTable> _table;
    private readonly GatewayIdentity _judged;
    private readonly string _identity;
    private readonly string _clientIdentifier;
    private readonly DenialAudit _denials;
    private Expanded _expanded;

    public GatewayRights(
        Func<IdentityTable> table, GatewayIdentity judged, string clientIdentifier, DenialAudit denials)
    {
        _table = table;
        _judged = judged;
        _identity = judged.Name;
        _clientIdentifier = clientIdentifier;
        _denials = denials;
        _expanded = Expand(table());
    }

    /// <inheritdoc/>
    public bool IsInForce => !_judged.IsWithdrawnBy(_table().Find(_identity));

    /// <inheritdoc/>
    public bool MayPublish(ReadOnlySpan<byte> topic)
    {
        if (!ServiceTopics.Contain(topic))
        {
            foreach (byte[] pattern in Now().Publish)
            {
                if (TopicFilter.Matches(pattern, topic))
                {
                    return true;
                }
            }
        }

        _denials.OnPublish(_identity, _clientIdentifier, Encoding.UTF8.GetString(topic));
        return false;
    }

    /// <inheritdoc/>
    public bool MaySubscribe(ReadOnlySpan<byte> filter)
    {
        foreach (byte[] pattern in Now().Subscribe)
        {
            if (TopicFilter.Covers(pattern, filter))
            {
                return true;
            }
        }

        _denials.OnSubscribe(_identity, _clientIdentifier, Encoding.UTF8.GetString(filter));
        return false;
    }

    private Expanded Now()
    {
        Expanded expanded = Volatile.Read(ref _expanded);
        IdentityTable table = _table();
        if (!ReferenceEquals(expanded.Table, table))
        {
            expanded = Expand(table);
            Volatile.Write(ref _expanded, expanded);
        }

        return expanded;
    }

    private Expanded Expand(IdentityTable table)
    {
        GatewayIdentity? identity = table.Find(_identity);
        return identity is null or { IsRevoked: true }
            ? new Expanded(table, [], [])
            : new Expanded(table, Expand(identity.Publish), Expand(identity.Subscribe));
    }

    private byte[][] Expand(IReadOnlyList<string> patterns) =>
        [.. patterns.Select(pattern => RightsPattern.Expand(pattern, _identity, _clientIdentifier)).OfType<byte[]>()];

    private sealed record Expanded(IdentityTable Table, byte[][] Publish, byte[][] Subscribe);
}
