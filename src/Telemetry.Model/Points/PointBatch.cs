namespace Telemetry.Model;

/// <summary>How a point's time came about.</summary>
[Flags]
public enum PointFlags : byte
{
    /// <summary>Event time as the payload gave it.</summary>
    None = 0,

    /// <summary>The payload gave no time; arrival time stands for it.</summary>
    ArrivalTime = 1,

    /// <summary>Older than the lateness limit: stored, never sounding a live alarm (law L8).</summary>
    Late = 2,

    /// <summary>
    /// Nobody measured it: it repeats the last values with a quality that says that they hold no more. Stored, and
    /// heard by nobody.
    /// </summary>
    Stale = 4,

    /// <summary>Its sender says that it is old: late whatever its time.</summary>
    Historical = 8,
}

/// <summary>One point of a batch: samples of one series at one instant.</summary>
public struct PointEntry
{
    /// <summary>The series' identity in the <see cref="SeriesCatalogue"/>.</summary>
    public int SeriesId;

    /// <summary>Index of the record it came from.</summary>
    public int Record;

    /// <summary>Index of its first sample.</summary>
    public int FirstSample;

    /// <summary>How many samples follow from there.</summary>
    public int SampleCount;

    /// <summary>Event time in nanoseconds since 1970, corrected.</summary>
    public long Time;

    /// <summary>What was done to the time as it came, which is <see cref="Time"/> less the correction.</summary>
    public TimeCorrection Correction;

    /// <summary>How the time came about.</summary>
    public PointFlags Flags;
}

/// <summary>One value of one field.</summary>
public struct SampleEntry
{
    /// <summary>The field's identity in the <see cref="SeriesCatalogue"/>.</summary>
    public int FieldId;

    /// <summary>The field's type, repeated here so that a reader need not look it up.</summary>
    public FieldType Type;

    /// <summary>Quality as an OPC byte.</summary>
    public byte Quality;

    /// <summary>Where the value came from: its number in <see cref="SourceCatalogue"/>; 0 when unknown.</summary>
    public int Source;

    /// <summary>
    /// The value as in <see cref="FieldSlot.Bits"/>; of a string the start (upper half) and length (lower half) of its
    /// plain bytes in the batch's text.
    /// </summary>
    public long Bits;
}

/// <summary>What became of one received message (law L9).</summary>
public enum RecordFate : byte
{
    /// <summary>It gave points, all of them kept or refused by name.</summary>
    Decoded = 0,

    /// <summary>It is no measurement by its route or kind (status, tick, metadata).</summary>
    NotAMeasurement = 1,

    /// <summary>No route takes its topic.</summary>
    NoRoute = 2,

    /// <summary>
    /// Its decoder refused it, whole or in part, or a field of it came with another type: it is kept in quarantine.
    /// </summary>
    Quarantined = 3,

    /// <summary>It came before: its sender sent it again because our acknowledgement was lost.</summary>
    Duplicate = 4,

    /// <summary>It gave way because the spool had little room: its lane is marked for that.</summary>
    Dropped = 5,
}

/// <summary>One record of the spool that a batch was decoded from.</summary>
public struct RecordEntry
{
    /// <summary>Where the record starts in the spool.</summary>
    public long Offset;

    /// <summary>Arrival time in nanoseconds since 1970.</summary>
    public long ArrivalTime;

    /// <summary>Its lane.</summary>
    public byte Lane;

    /// <summary>What became of it.</summary>
    public RecordFate Fate;

    /// <summary>Number of the gateway that sent it, as whoever filled the batch counts them.</summary>
    public int Gateway;

    /// <summary>How many messages before it never came, by the sequence numbers of its format.</summary>
    public int MissingCount;

    /// <summary>Index of the first point it gave.</summary>
    public int FirstPoint;

    /// <summary>How many points it gave.</summary>
    public int PointCount;

    /// <summary>How many of its points were refused by name (type conflict, ceiling).</summary>
    public int RefusedCount;

    /// <summary>Byte offset of the first fault in the payload of a quarantined record.</summary>
    public int FaultOffset;

    /// <summary>The decoder's reason for quarantine as its number; 0 without one.</summary>
    public byte FaultReason;

    /// <summary>
    /// What the reason cannot say alone, such as names, in the batch's text as <see cref="SampleEntry.Bits"/> has a
    /// string; 0 without.
    /// </summary>
    public long FaultText;

    /// <summary>The route that took it, as it was in force; null when none did.</summary>
    public RouteDefinition? Route;

    /// <summary>
    /// True for a quarantined message that is decoded again: it was received before, and its arrival time is the first.
    /// </summary>
    public bool IsRetry;

    /// <summary>
    /// True for points of a message of the past that was decoded anew: its arrival time is the first, and what it
    /// brings is no news to anybody.
    /// </summary>
    public bool IsRedecoded;

    /// <summary>
    /// Of a record that was held and stands here a second time, where the record stands that let it be decoded; 0 of
    /// all others.
    /// </summary>
    public long ReleasedAt;
}

/// <summary>
/// Decoded points as struct-of-arrays tables over one text arena. <see cref="Reset"/> frees all of it at once and keeps
/// the memory. A batch has one writer at a time; once published it is read-only until its last reader lets go (law L4).
/// </summary>
public sealed class PointBatch
{
    private RecordEntry[] _records = new RecordEntry[256];
    private PointEntry[] _points = new PointEntry[256];
    private SampleEntry[] _samples = new SampleEntry[1024];
    private byte[] _text = new byte[4096];
    private int _recordCount;
    private int _pointCount;
    private int _sampleCount;
    private int _textBytes;

    /// <summary>The records, in spool order.</summary>
    public ReadOnlySpan<RecordEntry> Records => _records.AsSpan(0, _recordCount);

    /// <summary>The points, in the order of their records.</summary>
    public ReadOnlySpan<PointEntry> Points => _points.AsSpan(0, _pointCount);

    /// <summary>The samples, in the order of their points.</summary>
    public ReadOnlySpan<SampleEntry> Samples => _samples.AsSpan(0, _sampleCount);

    /// <summary>Spool offset of the first record's start.</summary>
    public long StartOffset { get; set; }

    /// <summary>Spool offset after the last record: where the next batch starts.</summary>
    public long EndOffset { get; set; }

    /// <summary>The site by which all its records were decoded.</summary>
    public SiteCatalogue Site { get; set; } = SiteCatalogue.Empty;

    /// <summary>The samples of one point.</summary>
    public ReadOnlySpan<SampleEntry> SamplesOf(in PointEntry point) =>
        _samples.AsSpan(point.FirstSample, point.SampleCount);

    /// <summary>The plain bytes of a string sample.</summary>
    public ReadOnlySpan<byte> TextOf(in SampleEntry sample) => TextAt(sample.Bits);

    /// <summary>What is said of a record's fault beyond its reason; may be empty.</summary>
    public ReadOnlySpan<byte> FaultTextOf(in RecordEntry record) => TextAt(record.FaultText);

    /// <summary>Forgets everything and keeps the memory.</summary>
    public void Reset()
    {
        _recordCount = 0;
        _pointCount = 0;
        _sampleCount = 0;
        _textBytes = 0;
        StartOffset = 0;
        EndOffset = 0;
    }

    /// <summary>The record that was opened last.</summary>
    public ref RecordEntry LastRecord => ref _records[_recordCount - 1];

    /// <summary>A record by its index.</summary>
    public ref RecordEntry RecordAt(int index) => ref _records[index];

    /// <summary>Opens a record; the points added next belong to it.</summary>
    public ref RecordEntry AddRecord(long offset, long arrivalTime, byte lane)
    {
        EnsureRoom(ref _records, _recordCount);
        ref RecordEntry record = ref _records[_recordCount++];
        record = new RecordEntry
        {
            Offset = offset,
            ArrivalTime = arrivalTime,
            Lane = lane,
            FirstPoint = _pointCount,
        };
        return ref record;
    }

    /// <summary>Opens a point of the last record.</summary>
    public void AddPoint(int seriesId, long time, PointFlags flags, TimeCorrection correction = default)
    {
        EnsureRoom(ref _points, _pointCount);
        _points[_pointCount++] = new PointEntry
        {
            SeriesId = seriesId,
            Record = _recordCount - 1,
            FirstSample = _sampleCount,
            Time = time,
            Correction = correction,
            Flags = flags,
        };
        _records[_recordCount - 1].PointCount++;
    }

    /// <summary>Adds a sample to the last point.</summary>
    public void AddSample(int fieldId, FieldType type, byte quality, long bits, int source = 0)
    {
        EnsureRoom(ref _samples, _sampleCount);
        ref SampleEntry sample = ref _samples[_sampleCount++];
        sample.FieldId = fieldId;
        sample.Type = type;
        sample.Quality = quality;
        sample.Source = source;
        sample.Bits = bits;
        _points[_pointCount - 1].SampleCount++;
    }

    /// <summary>
    /// Adds to the time that a point brought itself, and judges anew whether it is late; points dated by their arrival
    /// stay. A sum that no time can hold leaves the point as it came.
    /// </summary>
    /// <param name="index">Which point.</param>
    /// <param name="correction">What is added.</param>
    /// <param name="lateBefore">Times before this are late, nanoseconds since 1970.</param>
    public void CorrectTime(int index, TimeCorrection correction, long lateBefore)
    {
        ref PointEntry point = ref _points[index];
        if ((point.Flags & PointFlags.ArrivalTime) != 0)
        {
            return;
        }

        long time = unchecked(point.Time + correction.Nanoseconds);
        if (time < point.Time == correction.Nanoseconds < 0)
        {
            point.Time = time;
            point.Correction = correction;
        }

        point.Flags &= ~PointFlags.Late;
        bool isLate = point.Time < lateBefore || (point.Flags & PointFlags.Historical) != 0;
        point.Flags |= isLate ? PointFlags.Late : PointFlags.None;
    }

    /// <summary>Takes back the points and samples of the last record, which stays with none.</summary>
    public void DropPointsOfLastRecord()
    {
        ref RecordEntry record = ref _records[_recordCount - 1];
        if (record.PointCount > 0)
        {
            _sampleCount = _points[record.FirstPoint].FirstSample;
            _pointCount = record.FirstPoint;
            record.PointCount = 0;
        }
    }

    /// <summary>Copies text into the arena.</summary>
    /// <returns>Start and length as <see cref="SampleEntry.Bits"/> of a string wants them.</returns>
    public long AddText(ReadOnlySpan<byte> text, bool isEscaped)
    {
        if (_text.Length - _textBytes < text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textBytes + text.Length));
        }

        Span<byte> target = _text.AsSpan(_textBytes);
        int length = isEscaped ? CopyUnescaped(text, target) : CopyPlain(text, target);
        long bits = ((long)_textBytes << 32) | (uint)length;
        _textBytes += length;
        return bits;
    }

    private ReadOnlySpan<byte> TextAt(long bits) => _text.AsSpan((int)(bits >>> 32), (int)(bits & 0xFFFF_FFFF));

    private static int CopyPlain(ReadOnlySpan<byte> text, Span<byte> target)
    {
        text.CopyTo(target);
        return text.Length;
    }

    /// <summary>
    /// String values know two escapes, <c>\"</c> and <c>\\</c>; any other backslash stands for itself.
    /// </summary>
    private static int CopyUnescaped(ReadOnlySpan<byte> text, Span<byte> target)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool escapes = text[i] == '\\' && i + 1 < text.Length && (text[i + 1] is (byte)'"' or (byte)'\\');
            i += escapes ? 1 : 0;
            target[length++] = text[i];
        }

        return length;
    }

    private static void EnsureRoom<T>(ref T[] table, int count)
    {
        if (count == table.Length)
        {
            Array.Resize(ref table, table.Length * 2);
        }
    }
}
