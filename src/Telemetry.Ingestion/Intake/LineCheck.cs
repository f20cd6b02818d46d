using System.Globalization;
using System.Text;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>
/// Reads line protocol as the decoding behind the commit will, without keeping the points: finds the good lines, and
/// words for the others as InfluxDB 1.x has them. Belongs to one thread at a time.
/// </summary>
internal sealed class LineCheck : IRefusalListener
{
    private const int ErrorLinesMax = 20; // what a person reads; the rest is counted
    private const int PieceBytesMax = 4 * 1024 * 1024; // a record must fit into a block of the spool
    private const int NamedBytes = 100; // what of an overlong line is shown
    private readonly LineProtocolDecoder _decoder = new();
    private readonly SeriesCatalogue _catalogue;
    private readonly CatalogueGuard _guard;
    private readonly PointBatchWriter _writer;
    private readonly PointBatch _scratch = new();
    private readonly List<string> _unparsable = [];
    private int _unparsableCount;
    private int _droppedCount;
    private string _dropped = "";

    public LineCheck(CatalogueBinder binder, SeriesCatalogue catalogue, CatalogueGuard guard)
    {
        _guard = guard;
        _catalogue = catalogue;
        _writer = new PointBatchWriter(binder, this);
        _writer.Attach(_scratch);
    }

    /// <summary>The good lines of a body, in pieces that each fit into one record.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> GoodLinesOf(ReadOnlyMemory<byte> body, TimePrecision precision)
    {
        _unparsable.Clear();
        _unparsableCount = 0;
        _droppedCount = 0;
        ReadOnlySpan<byte> lines = body.Span;
        var pieces = new List<ReadOnlyMemory<byte>>();
        var good = new MemoryStream();
        var context = new DecodeContext { Precision = precision };
        var points = new Points(this);
        int position = 0;
        while (true)
        {
            long refused = _writer.RefusedCount;
            _scratch.Reset();
            _writer.BeginRecord(0, 0, 0, long.MaxValue);
            LineStatus status = _decoder.DecodeLine(lines, ref position, context, ref points, out LineFault line);
            if (status == LineStatus.Ended)
            {
                break;
            }

            if (status == LineStatus.Faulted)
            {
                NoteUnparsable(lines.Slice(line.LineStart, line.LineBytes), line.Reason);
            }
            else if (line.LineBytes > PieceBytesMax)
            {
                NoteUnparsable(lines.Slice(line.LineStart, NamedBytes), FaultReason.SeriesTooLong);
            }
            else if (_writer.RefusedCount > refused)
            {
                _droppedCount++;
            }
            else
            {
                if (good.Length + line.LineBytes > PieceBytesMax)
                {
                    pieces.Add(good.ToArray());
                    good.SetLength(0);
                }

                good.Write(lines.Slice(line.LineStart, line.LineBytes));
                good.WriteByte((byte)'\n');
            }
        }

        if (good.Length > 0)
        {
            pieces.Add(good.ToArray());
        }

        return pieces;
    }

    /// <summary>What InfluxDB 1.x would answer; empty when every line was good.</summary>
    public string ErrorText()
    {
        var text = new StringBuilder(string.Join('\n', _unparsable));
        if (_unparsableCount > _unparsable.Count)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"\nand {_unparsableCount - _unparsable.Count} more lines like these");
        }

        if (_droppedCount > 0)
        {
            text.Append(text.Length > 0 ? "\n" : "")
                .Append(CultureInfo.InvariantCulture, $"partial write: {_dropped} dropped={_droppedCount}");
        }

        return text.ToString();
    }

    public void OnRefused(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, InternOutcome reason)
    {
        SeriesKey.Parse(arrivingSeries, out string measurement);
        if (reason != InternOutcome.TypeConflict)
        {
            string who = _guard.Report is { } report ? $" ({report.Use}; {report.Who})" : "";
            _dropped = "max-series-per-database limit exceeded: "
                + $"field \"{fieldName}\" on measurement \"{measurement}\"{who}";
            return;
        }

        // A field whose measurement does not know it is bound to a signal, and a signal is a float.
        bool isKnown = _catalogue.TryGetType(VisibleName.Of(measurement), VisibleName.Of(fieldName), out FieldType own);
        FieldType known = isKnown ? own : FieldType.Float;
        _dropped = $"field type conflict: input field \"{fieldName}\" on measurement \"{measurement}\" is type "
            + $"{FieldTypeNames.Of(type)}, already exists as type {FieldTypeNames.Of(known)}";
    }

    private void NoteUnparsable(ReadOnlySpan<byte> line, FaultReason reason)
    {
        _unparsableCount++;
        if (_unparsable.Count < ErrorLinesMax)
        {
            _unparsable.Add(FaultReasonText.OfLine(line, reason));
        }
    }

    private readonly struct Points(LineCheck owner) : IPointHandler
    {
        public void OnPoint(scoped in PointView point) => owner._writer.OnPoint(point);
    }
}
