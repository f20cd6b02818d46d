using System.Buffers;
using System.Buffers.Text;
using Telemetry.Model;

namespace Telemetry.Payloads;

/// <summary>Memory that reading JSON by one plan needs and that is used again for the next payload.</summary>
internal sealed class JsonScratch
{
    private byte[] _bytes = new byte[256];

    public JsonScratch(JsonPlan plan, JsonMapping mapping)
    {
        Places = new JsonPlaces(plan, Fields);
        Values = new JsonValues(plan, Fields);
        Binary = mapping.Layout is null ? null : new BinaryDecoder(mapping.Layout);
        Parts = new Range[plan.Names.PartKeys.Length];
    }

    public JsonFields Fields { get; } = new();

    public JsonPlaces Places { get; }

    public JsonValues Values { get; }

    /// <summary>Reads the bytes in a sample's text; null when none are looked for.</summary>
    public BinaryDecoder? Binary { get; }

    /// <summary>Series of what is pending.</summary>
    public SeriesText Pending { get; private set; } = new();

    /// <summary>Series of the current sample.</summary>
    public SeriesText Sample { get; private set; } = new();

    /// <summary>Series of fields whose names have parts that are tags.</summary>
    public SeriesText Run { get; private set; } = new();

    /// <summary>The one being made beside <see cref="Run"/>.</summary>
    public SeriesText NextRun { get; private set; } = new();

    /// <summary>Parts of a field's name.</summary>
    public Range[] Parts { get; }

    public void TakeSampleSeries() => (Pending, Sample) = (Sample, Pending);

    public void TakeNextRun() => (Run, NextRun) = (NextRun, Run);

    /// <summary>Reads base64, or hexadecimal digits; what comes out is valid until the next call.</summary>
    public bool TryReadBytes(ReadOnlySpan<byte> text, bool isHex, out ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < text.Length)
        {
            _bytes = new byte[Math.Max(_bytes.Length * 2, text.Length)];
        }

        bool isPlain = text.Length % 4 == 0 && !text.ContainsAny("-_"u8);
        int written;
        OperationStatus status = isHex ? Convert.FromHexString(text, _bytes, out _, out written)
            : isPlain ? Base64.DecodeFromUtf8(text, _bytes, out _, out written)
            : Base64Url.DecodeFromUtf8(text, _bytes, out _, out written);
        bytes = _bytes.AsSpan(0, written);
        return status == OperationStatus.Done;
    }
}
