using System.Buffers;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>
/// Rows of a table with a column per field: the samples of a slice of time, joined by their times. The slice becomes
/// shorter where samples are dense and longer where they are rare.
/// </summary>
internal sealed class WideRows(ISampleSource source, ExportRequest request)
{
    private const int SamplesMax = 100_000;
    private const int SamplesMin = 10_000;
    private const long SliceMin = Timestamp.NanosecondsPerMillisecond;
    private readonly SortedDictionary<long, string?[]> _rows = [];
    private long _next = request.From;
    private long _slice = 3_600 * Timestamp.NanosecondsPerSecond;

    /// <returns>False when all is written.</returns>
    public bool WriteNext(IExportWriter writer, IBufferWriter<byte> output)
    {
        if (_next >= request.To)
        {
            return false;
        }

        long end = Math.Min(request.To, SaturatingTime.Add(_next, _slice));
        int count = ReadSlice(end);
        if (count > SamplesMax && _slice > SliceMin)
        {
            _slice /= 2;
            return true;
        }

        foreach ((long time, string?[] values) in _rows)
        {
            writer.WriteRow(output, time, request.Fields, values);
        }

        _next = end;
        _slice = count < SamplesMin ? Math.Min(_slice, long.MaxValue / 4) * 2 : _slice;
        return true;
    }

    private int ReadSlice(long end)
    {
        _rows.Clear();
        int count = 0;
        for (int column = 0; column < request.Fields.Count; column++)
        {
            int room = _slice > SliceMin ? SamplesMax - count : int.MaxValue; // a slice that cannot be shorter is whole
            var reader = new Reader(_rows, column, request.Fields.Count, room);
            source.Read(request.Fields[column].Id, _next, end, ref reader);
            count += reader.Count;
            if (count > SamplesMax && _slice > SliceMin)
            {
                break;
            }
        }

        return count;
    }

    private struct Reader(SortedDictionary<long, string?[]> rows, int column, int columns, int samplesMax)
        : ISampleVisitor
    {
        public int Count { get; private set; }

        public readonly bool WantsProvenance => false;

        public readonly SummaryWish Summaries => SummaryWish.None;

        public bool OnSamples(scoped in SampleBlock block)
        {
            for (int i = 0; i < block.Count; i++)
            {
                if (!rows.TryGetValue(block.Times[i], out string?[]? row))
                {
                    row = new string?[columns];
                    rows.Add(block.Times[i], row);
                }

                row[column] = ExportText.ValueOf(block, i);
            }

            Count += block.Count;
            return Count <= samplesMax;
        }
    }
}
