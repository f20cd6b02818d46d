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
/// Ties a decoder to the batch writer by a struct, so that the call per point is direct and the choice of decoder costs
/// one call per message.
/// </summary>
internal sealed class RouteDecoder<TDecoder>(TDecoder decoder) : IRouteDecoder
    where TDecoder : IPayloadDecoder
{
    private readonly TDecoder _decoder = decoder;

    public uint? Sequence => (_decoder as ISequencedDecoder)?.Sequence;

    public DecodeStatus Decode(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, PointBatchWriter writer, out PayloadFault fault)
    {
        var points = new BatchPoints(writer);
        return _decoder.Decode(payload, context, ref points, out fault);
    }

    private readonly struct BatchPoints(PointBatchWriter writer) : IPointHandler
    {
        public void OnPoint(scoped in PointView point) => writer.OnPoint(point);
    }
}

/// <summary>Decoders by the name a site file gives them.</summary>
internal static class DecoderCatalogue
{
    public static IRouteDecoder Create(RouteDefinition definition) => definition.Decoder switch
    {
        "line-protocol" => new RouteDecoder<LineProtocolDecoder>(new LineProtocolDecoder()),
        "json" => new RouteDecoder<JsonDecoder>(new JsonDecoder(definition.Json ?? new JsonMapping())),
        "cbor" => new RouteDecoder<CborDecoder>(new CborDecoder(definition.Json ?? new JsonMapping())),
        "frame" => new RouteDecoder<FrameDecoder>(new FrameDecoder()),
        "senml" => new RouteDecoder<SenmlDecoder>(new SenmlDecoder()),
        "sparkplug" => new SparkplugRouteDecoder(),
        "auto" => new RouteDecoder<AutoDecoder>(new AutoDecoder(definition.Json ?? new JsonMapping())),
        "csv" => new RouteDecoder<CsvDecoder>(new CsvDecoder(definition.Csv)),
        "binary" => new RouteDecoder<BinaryDecoder>(new BinaryDecoder(definition.Binary!)),
        _ => throw new ArgumentException($"no decoder is called '{definition.Decoder}'", nameof(definition)),
    };
}
