using Telemetry.Model;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

public sealed class RedecodedRecordTests
{
    [Fact]
    public void Points_come_back_as_they_were_whatever_the_catalogue_numbers_them()
    {
        var catalogue = new SeriesCatalogue();
        PointBatch batch = BatchOf(catalogue, out GatewayRegistry gateways);
        bool[] all = [.. Enumerable.Repeat(true, batch.Samples.Length)];
        List<byte[]> records = new RedecodedRecords(catalogue, gateways).Of(batch, all, now: 99);

        var other = new SeriesCatalogue();
        other.TryIntern("another"u8, "first", FieldType.Boolean, out _);
        PointBatch read = Read(records, other, out GatewayRegistry heard);

        Assert.Equal(2, records.Count);
        Assert.Equal(BatchText.Of(batch, catalogue), BatchText.Of(read, other));
        Assert.Equal(batch.Samples.ToArray().Select(s => s.Quality), read.Samples.ToArray().Select(s => s.Quality));
        Assert.Equal(
            batch.Samples.ToArray().Select(s => catalogue.Sources.At(s.Source)),
            read.Samples.ToArray().Select(s => other.Sources.At(s.Source)));
        Assert.All(read.Points.ToArray(), point => Assert.Equal(PointFlags.Late, point.Flags));
        Assert.Equal(new TimeCorrection(-5, 7), read.Points[1].Correction);
        Assert.Equal([11, 22], read.Records.ToArray().Select(record => record.ArrivalTime));
        Assert.Equal(["gw-1", ""], read.Records.ToArray().Select(record => heard.KeyAt(record.Gateway)));
        Assert.All(read.Records.ToArray(), record => Assert.True(record.IsRedecoded));
    }

    [Fact]
    public void Only_chosen_samples_are_written()
    {
        var catalogue = new SeriesCatalogue();
        PointBatch batch = BatchOf(catalogue, out GatewayRegistry gateways);
        var one = new bool[batch.Samples.Length];
        one[2] = true;
        List<byte[]> records = new RedecodedRecords(catalogue, gateways).Of(batch, one, now: 99);
        PointBatch read = Read(records, catalogue, out _);
        Assert.Equal(["m,a=1 t=\"text\" 5"], BatchText.Of(read, catalogue));
        Assert.Empty(new RedecodedRecords(catalogue, gateways).Of(batch, new bool[batch.Samples.Length], now: 99));
    }

    [Fact]
    public void A_field_that_has_another_type_by_now_is_refused_and_the_others_stay()
    {
        var catalogue = new SeriesCatalogue();
        PointBatch batch = BatchOf(catalogue, out GatewayRegistry gateways);
        bool[] all = [.. Enumerable.Repeat(true, batch.Samples.Length)];
        List<byte[]> records = new RedecodedRecords(catalogue, gateways).Of(batch, all, now: 99);
        var other = new SeriesCatalogue();
        other.TryIntern("m,a=1"u8, "f", FieldType.Boolean, out _);

        PointBatch read = Read(records, other, out _);

        Assert.Equal("m,a=1 i=-3i,t=\"text\" 5", BatchText.Of(read, other)[0]);
        Assert.Equal([1, 1], read.Records.ToArray().Select(record => record.RefusedCount));
    }

    [Fact]
    public void A_message_with_very_many_points_becomes_several_records()
    {
        var catalogue = new SeriesCatalogue();
        catalogue.TryIntern("m"u8, "text", FieldType.String, out Field? field);
        var batch = new PointBatch();
        batch.AddRecord(0, 11, lane: 3);
        for (int i = 0; i < 300; i++)
        {
            batch.AddPoint(field!.Series.Id, i, PointFlags.None);
            batch.AddSample(field.Id, FieldType.String, Quality.Good, batch.AddText(new byte[10_000], false));
        }

        bool[] all = [.. Enumerable.Repeat(true, batch.Samples.Length)];
        List<byte[]> records = new RedecodedRecords(catalogue, new GatewayRegistry()).Of(batch, all, now: 99);

        Assert.InRange(records.Count, 3, 4);
        Assert.All(records, record => Assert.InRange(record.Length, 1, RedecodedRecord.BytesWanted + 20_000));
        Assert.Equal(BatchText.Of(batch, catalogue), BatchText.Of(Read(records, catalogue, out _), catalogue));
    }

    [Fact]
    public void A_record_that_is_not_whole_is_our_fault()
    {
        byte[] record = RedecodedRecord.Seal([1, 2, 3], lane: 0, now: 1);
        Assert.StartsWith(
            "BUG: cannot read redecoded record at offset 5",
            Assert.Throws<InvalidDataException>(() => RedecodedRecord.AddTo(
                new PointBatch(), new RecordView(5, record), new SeriesCatalogue(), new GatewayRegistry())).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Two messages: one with three fields, one with a corrected time and without a gateway's name.</summary>
    private static PointBatch BatchOf(SeriesCatalogue catalogue, out GatewayRegistry gateways)
    {
        gateways = new GatewayRegistry();
        catalogue.TryIntern("m,a=1"u8, "f", FieldType.Float, out Field? number);
        catalogue.TryIntern("m,a=1"u8, "i", FieldType.Integer, out Field? integer);
        catalogue.TryIntern("m,a=1"u8, "t", FieldType.String, out Field? text);
        int source = catalogue.Sources.NumberOf(new SampleSource("raw,x=y", "F 1", "mA", 0.001, -3));
        var batch = new PointBatch();
        batch.AddRecord(100, 11, lane: 3).Gateway = gateways.Of("gw-1"u8).Number;
        batch.AddPoint(number!.Series.Id, 5, PointFlags.ArrivalTime);
        batch.AddSample(number.Id, FieldType.Float, Quality.Good, BitConverter.DoubleToInt64Bits(1.5), source);
        batch.AddSample(integer!.Id, FieldType.Integer, Quality.Uncertain, -3);
        batch.AddSample(text!.Id, FieldType.String, Quality.Good, batch.AddText("text"u8, isEscaped: false));
        batch.AddRecord(200, 22, Lanes.All).Gateway = gateways.Of(""u8).Number;
        batch.AddPoint(number.Series.Id, 6, PointFlags.Late, new TimeCorrection(-5, 7));
        batch.AddSample(number.Id, FieldType.Float, Quality.Bad, BitConverter.DoubleToInt64Bits(double.NaN));
        return batch;
    }

    private static PointBatch Read(List<byte[]> records, SeriesCatalogue catalogue, out GatewayRegistry heard)
    {
        heard = new GatewayRegistry();
        var batch = new PointBatch();
        foreach (byte[] record in records)
        {
            Assert.Equal((byte)RecordKind.Redecoded, new RecordView(0, record).Kind);
            RedecodedRecord.AddTo(batch, new RecordView(0, record), catalogue, heard);
        }

        return batch;
    }
}
