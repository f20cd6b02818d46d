using System.Buffers;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>
/// Writes samples with their units, qualities and arrival, piece by piece: each call reads as much as fits some hundred
/// kilobytes, so that memory does not grow with the span, and a slow reader holds up nobody.
/// </summary>
public sealed class SampleExport
{
    private const int SamplesAtOnce = 8_192;
    private readonly ISampleSource _source;
    private readonly ExportRequest _request;
    private readonly IExportWriter _writer;
    private readonly WideRows? _wide;
    private int _field;
    private long _next;

    /// <param name="source">The samples.</param>
    /// <param name="request">What is exported, and how.</param>
    public SampleExport(ISampleSource source, ExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _source = source;
        _request = request;
        _next = request.From;
        var times = new ExportTimes(request.Zone);
        _wide = request.IsWide ? new WideRows(source, request) : null;
        _writer = request.Format switch
        {
            ExportFormat.LineProtocol => new LineExportWriter(),
            ExportFormat.JsonLines => new JsonExportWriter(times),
            _ => new CsvExportWriter(times),
        };
        if (request.IsWide && request.Format == ExportFormat.LineProtocol)
        {
            throw new ArgumentException("line protocol has no wide form", nameof(request));
        }
    }

    /// <summary>What is written begins so; nothing but for CSV.</summary>
    public void WriteHeader(IBufferWriter<byte> output)
    {
        if (_request.WithHeader)
        {
            _writer.WriteHeader(output, _request.IsWide ? _request.Fields : null);
        }
    }

    /// <summary>Writes the next piece.</summary>
    /// <returns>False when all is written.</returns>
    public bool WriteNext(IBufferWriter<byte> output) =>
        _wide is not null ? _wide.WriteNext(_writer, output) : WriteNextLong(output);

    private bool WriteNextLong(IBufferWriter<byte> output)
    {
        if (_field == _request.Fields.Count)
        {
            return false;
        }

        var reader = new Reader(_writer, output, _request.Fields[_field], _next);
        _source.Read(_request.Fields[_field].Id, _next, _request.To, ref reader);
        _next = reader.Next;
        if (!reader.IsCut)
        {
            _field++;
            _next = _request.From;
        }

        return true;
    }

    private struct Reader(IExportWriter writer, IBufferWriter<byte> output, Field field, long from) : ISampleVisitor
    {
        private int _count;

        /// <summary>Where the next read begins.</summary>
        public long Next { get; private set; } = from;

        /// <summary>The field has more.</summary>
        public bool IsCut { get; private set; }

        public readonly bool WantsProvenance => true;

        public readonly SummaryWish Summaries => SummaryWish.None;

        public bool OnSamples(scoped in SampleBlock block)
        {
            for (int i = 0; i < block.Count; i++)
            {
                writer.WriteSample(output, field, block, i);
            }

            _count += block.Count;
            Next = block.Times[^1] + 1;
            IsCut = _count >= SamplesAtOnce;
            return !IsCut;
        }
    }
}
