using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>
/// Reads payloads of one format. A decoder keeps scratch memory and belongs to one thread; it keeps nothing of a
/// payload for the next one. No payload makes it throw, and once its scratch has grown it allocates nothing.
/// </summary>
public interface IPayloadDecoder
{
    /// <summary>Reads one payload and gives its points to <paramref name="handler"/> as they are complete.</summary>
    /// <param name="payload">The payload; offsets in <paramref name="fault"/> count from its start.</param>
    /// <param name="context">What the route adds.</param>
    /// <param name="handler">Takes the points, which are borrowed.</param>
    /// <param name="fault">The first thing refused and how many were; default when nothing was.</param>
    DecodeStatus Decode<THandler>(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref THandler handler, out PayloadFault fault)
        where THandler : IPointHandler, allows ref struct;
}
