using Telemetry.Model;

namespace Telemetry.Alarms.Tests;

public sealed class AlarmRecordFormatTests
{
    private static readonly AlarmRecord Began = new()
    {
        Sequence = 1,
        AlarmId = "CR-201.temp0/HH",
        Trigger = AlarmTrigger.ConditionBegan,
        From = AlarmState.ReturnedUnacknowledged,
        To = AlarmState.Unacknowledged,
        DecidedAt = 3,
        Time = -2,
        Offset = long.MaxValue,
        Value = 91.5,
        Limit = double.NaN,
        Definition = AlarmDefinition.For(Mine.SignalOf(0), ConditionKind.HighHigh),
    };

    private static readonly AlarmRecord Acknowledged = new()
    {
        Sequence = 2,
        AlarmId = "CR-201.temp0/HH",
        Trigger = AlarmTrigger.Acknowledge,
        From = AlarmState.Unacknowledged,
        To = AlarmState.Acknowledged,
        DecidedAt = 4,
        Time = 4,
        Offset = 9,
        Operator = "김민준",
        Comment = "явж байна",
    };

    public static TheoryData<int> Records => new(0, 1);

    private static AlarmRecord RecordAt(int index) => index == 0 ? Began : Acknowledged;

    private static byte[] Write(AlarmRecord record)
    {
        var bytes = new byte[AlarmRecordFormat.Measure(record)];
        AlarmRecordFormat.Write(record, bytes);
        return bytes;
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void What_is_written_is_read(int index)
    {
        byte[] bytes = Write(RecordAt(index));
        byte[] followed = [.. bytes, 1, 2, 3];
        Assert.Equal(
            AlarmReadStatus.Complete,
            AlarmRecordFormat.TryRead(followed, out AlarmRecord? read, out int length));
        Assert.Equal(RecordAt(index), read);
        Assert.Equal(bytes.Length, length);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_cut_anywhere_needs_more_and_consumes_nothing(int index)
    {
        byte[] bytes = Write(RecordAt(index));
        for (int length = 0; length < bytes.Length; length++)
        {
            AlarmReadStatus status = AlarmRecordFormat.TryRead(bytes.AsSpan(0, length), out _, out int consumed);
            Assert.Equal((AlarmReadStatus.NeedMore, 0), (status, consumed));
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_with_any_bit_flipped_is_never_thrown_at(int index)
    {
        byte[] bytes = Write(RecordAt(index));
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AlarmReadStatus status = AlarmRecordFormat.TryRead(bytes, out AlarmRecord? record, out int length);
            Assert.Equal(status == AlarmReadStatus.Complete, record is not null);
            Assert.Equal(status == AlarmReadStatus.Complete, length > 0);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(0, 0)] // length
    [InlineData(5, 4)] // trigger
    [InlineData(6, 0x40)] // from
    [InlineData(6, 0x04)] // to
    [InlineData(7, 2)] // flags
    [InlineData(56, 1)] // reserved
    [InlineData(64, 200)] // the first text is longer than the record
    public void A_wrong_byte_makes_it_malformed(int at, byte value)
    {
        byte[] bytes = Write(Acknowledged);
        bytes[at] = value;
        Assert.Equal(AlarmReadStatus.Malformed, AlarmRecordFormat.TryRead(bytes, out _, out _));
    }

    [Fact]
    public void A_later_version_is_refused_by_name()
    {
        byte[] bytes = Write(Acknowledged);
        bytes[4] = 2;
        Assert.Equal(AlarmReadStatus.UnknownVersion, AlarmRecordFormat.TryRead(bytes, out _, out _));
    }

    [Fact]
    public void The_bytes_are_those_of_the_documented_drawing()
    {
        byte[] bytes = Write(Acknowledged);
        Assert.Equal(bytes.Length, BitConverter.ToInt32(bytes, 0));
        Assert.Equal("01-02-12-00", BitConverter.ToString(bytes, 4, 4));
        Assert.Equal(2, BitConverter.ToInt64(bytes, 8));
        Assert.Equal(9, BitConverter.ToInt64(bytes, 32));
        Assert.Equal("0F-00-43-52-2D", BitConverter.ToString(bytes, 64, 5));
    }

    [Fact]
    public void A_text_too_long_for_the_format_is_cut_between_characters()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 2_000));
        byte[] bytes = Write(Acknowledged with { Comment = text });
        AlarmRecordFormat.TryRead(bytes, out AlarmRecord? read, out _);
        Assert.StartsWith(read!.Comment, text, StringComparison.Ordinal);
        Assert.InRange(read.Comment.Length, 1_000, 1_024);
    }

    [Fact]
    public void The_longest_record_fits_its_ceiling()
    {
        string text = new('x', 10_000);
        AlarmRecord record = Began with
        {
            AlarmId = text,
            Definition = new AlarmDefinition(
                text,
                ConditionKind.High,
                AlarmPriority.Low,
                text,
                text,
                text,
                text,
                text,
                new DisplayName(text, text, text)),
        };
        Assert.InRange(AlarmRecordFormat.Measure(record), 1, AlarmRecordFormat.RecordBytesMax);
    }
}
