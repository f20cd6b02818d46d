namespace Telemetry.Spool;

/// <summary>The records of a segment as the spool wrote it, each checked against its checksum.</summary>
/// <param name="file">The segment, which is closed here.</param>
/// <param name="firstOffset">Its first offset.</param>
/// <param name="stop">Where its records end at the latest.</param>
internal sealed class PlainBlocks(IFile file, long firstOffset, long stop) : IBlockSource
{
    private readonly SegmentWindow _window = SegmentScan.OpenWindow(file, firstOffset);
    private long _offset = firstOffset;

    /// <inheritdoc/>
    public long SkippedBytes { get; private set; }

    /// <inheritdoc/>
    public bool TryNext(RecordBlock block)
    {
        block.Begin(_offset);
        while (_offset < stop && block.Count < RecordBlock.BytesWanted)
        {
            RecordCheck check = SegmentScan.CheckAt(
                _window, _offset, stop, out ReadOnlySpan<byte> bytes, out int recordBytes);
            if (bytes.IsEmpty)
            {
                _offset = stop; // the end of the file, where the log has a hole behind it
                break;
            }

            if (check != RecordCheck.Whole)
            {
                PassFault();
                break; // what follows begins a block of its own, so that its offset is right
            }

            bytes = bytes[..recordBytes];
            block.Add(bytes);
            long span = SpoolGap.SpanOf(bytes);
            _window.Shift(span - recordBytes);
            _offset += span;
        }

        block.EndOffset = _offset;
        return block.EndOffset > block.FirstOffset;
    }

    public void Dispose() => _window.Dispose();

    // As SpoolReader does: the faulty record's length is believed only if a whole record follows it.
    private void PassFault()
    {
        RecordFault? fault = SegmentScan.Run(_window, _offset, stop).Fault;
        long next = fault?.NextOffset ?? stop;
        SkippedBytes += next - _offset;
        _offset = next;
    }
}
