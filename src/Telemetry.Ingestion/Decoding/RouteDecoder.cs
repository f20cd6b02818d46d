using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>A decoder as a route calls it: into the worker's batch writer.</summary>
internal interface IRouteDecoder
{
    DecodeStatus Decode(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, PointBatchWriter writer, out PayloadFault fault);

    /// <summary>Number of the message decoded last, where its format has one.</summary>
    uint? Sequence => null;
}

/// <summary>
/// Ties a decoder to the batch writer: the choice of decoder costs one call per message, and the call per point is
/// direct, since the handler is a struct.
/// </summary>
/// <param name="decode">The decoder's own method.</param>
/// <param name="sequenced">The same decoder, where its format numbers messages.</param>
internal sealed class RouteDecoder(PayloadDecode decode, ISequencedDecoder? sequenced = null) : IRouteDecoder
{
    public uint? Sequence => sequenced?.Sequence;

    public DecodeStatus Decode(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, PointBatchWriter writer, out PayloadFault fault)
    {
        var points = new BatchPoints(writer);
        return decode(payload, context, ref points, out fault);
    }
}

/// <summary><see cref="IPayloadDecoder.Decode"/> into a batch.</summary>
internal delegate DecodeStatus PayloadDecode(
    ReadOnlySpan<byte> payload, scoped in DecodeContext context, ref BatchPoints points, out PayloadFault fault);

/// <summary>Points on their way into a batch.</summary>
internal readonly struct BatchPoints(PointBatchWriter writer) : IPointHandler
{
    public void OnPoint(scoped in PointView point) => writer.OnPoint(point);
}

/// <summary>Decoders by the name a site file gives them.</summary>
internal static class DecoderCatalogue
{
    public static IRouteDecoder Create(RouteDefinition definition) => definition.Decoder switch
    {
        "line-protocol" => new RouteDecoder(new LineProtocolDecoder().Decode),
        "json" => new RouteDecoder(new JsonDecoder(definition.Json ?? new JsonMapping()).Decode),
        "cbor" => new RouteDecoder(new CborDecoder(definition.Json ?? new JsonMapping()).Decode),
        "frame" => Sequenced(new FrameDecoder()),
        "senml" => new RouteDecoder(new SenmlDecoder().Decode),
        "sparkplug" => new SparkplugRouteDecoder(),
        "auto" => Sequenced(new AutoDecoder(definition.Json ?? new JsonMapping())),
        "csv" => new RouteDecoder(new CsvDecoder(definition.Csv).Decode),
        "binary" => new RouteDecoder(new BinaryDecoder(definition.Binary!).Decode),
        _ => throw new ArgumentException($"no decoder is called '{definition.Decoder}'", nameof(definition)),
    };

    private static RouteDecoder Sequenced<TDecoder>(TDecoder decoder)
        where TDecoder : IPayloadDecoder, ISequencedDecoder => new(decoder.Decode, decoder);
}
