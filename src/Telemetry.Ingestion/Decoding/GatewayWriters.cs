using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// The writers of one route: one for each gateway that a binding names, since its names mean something of their own,
/// and one for all others. Belongs to one thread.
/// </summary>
internal sealed class GatewayWriters
{
    private readonly PointBatchWriter _others;
    private readonly ByteKeyTable<PointBatchWriter> _named = new();

    /// <param name="make">Makes the writer of a gateway; of null the one for all others.</param>
    /// <param name="gateways">The gateways that bindings name.</param>
    public GatewayWriters(Func<string?, PointBatchWriter> make, IEnumerable<string> gateways)
    {
        _others = make(null);
        foreach (string gateway in gateways)
        {
            _named.Add(Encoding.UTF8.GetBytes(gateway), make(gateway));
        }
    }

    /// <summary>The writer for what comes from a gateway.</summary>
    public PointBatchWriter Of(ReadOnlySpan<byte> gateway) =>
        _named.Count > 0 && _named.TryFind(gateway, out PointBatchWriter? own) ? own : _others;
}
