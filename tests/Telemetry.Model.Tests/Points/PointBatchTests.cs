using System.Text;

namespace Telemetry.Model.Tests.Points;

public sealed class PointBatchTests
{
    [Fact]
    public void Records_points_and_samples_keep_their_order_and_ownership()
    {
        var batch = new PointBatch();
        for (int record = 0; record < 1_000; record++)
        {
            batch.AddRecord(record * 10, record, lane: 3);
            for (int point = 0; point < record % 3; point++)
            {
                batch.AddPoint(record, record + point, PointFlags.None);
                batch.AddSample(1, FieldType.Float, Quality.Good, point);
                batch.AddSample(2, FieldType.Float, Quality.Bad, record);
            }
        }

        Assert.Equal(1_000, batch.Records.Length);
        foreach (RecordEntry record in batch.Records)
        {
            Assert.Equal(record.ArrivalTime % 3, record.PointCount);
            foreach (PointEntry point in batch.Points.Slice(record.FirstPoint, record.PointCount))
            {
                Assert.Equal(record.ArrivalTime, point.SeriesId);
                Assert.Equal(2, batch.SamplesOf(point).Length);
                Assert.Equal(record.ArrivalTime, batch.SamplesOf(point)[1].Bits);
            }
        }
    }

    [Fact]
    public void A_reset_forgets_everything()
    {
        var batch = new PointBatch { StartOffset = 5, EndOffset = 9 };
        batch.AddRecord(5, 0, 0);
        batch.AddPoint(0, 0, PointFlags.None);
        batch.AddSample(0, FieldType.String, Quality.Good, batch.AddText("text"u8, isEscaped: false));
        batch.Reset();
        Assert.Equal(0, batch.Records.Length + batch.Points.Length + batch.Samples.Length);
        Assert.Equal((0, 0), (batch.StartOffset, batch.EndOffset));
    }

    [Fact]
    public void The_points_of_the_last_record_can_be_taken_back()
    {
        var batch = new PointBatch();
        batch.AddRecord(0, 0, 0);
        batch.AddPoint(1, 0, PointFlags.None);
        batch.AddSample(1, FieldType.Float, Quality.Good, 1);
        batch.AddRecord(1, 0, 0);
        batch.DropPointsOfLastRecord();
        Assert.Equal(1, batch.Points.Length);
        batch.AddPoint(2, 0, PointFlags.None);
        batch.AddSample(2, FieldType.Float, Quality.Good, 1);
        batch.DropPointsOfLastRecord();
        Assert.Equal((2, 1, 1), (batch.Records.Length, batch.Points.Length, batch.Samples.Length));
        Assert.Equal(0, batch.Records[1].PointCount);
    }

    [Theory]
    [InlineData(@"plain", false, "plain")]
    [InlineData(@"a\\b", false, @"a\\b")]
    [InlineData(@"a\\b \""c\"" \n \", true, @"a\b ""c"" \n \")]
    [InlineData("", true, "")]
    public void Text_is_kept_without_its_escapes(string text, bool isEscaped, string expected)
    {
        var batch = new PointBatch();
        for (int i = 0; i < 2_000; i++)
        {
            batch.AddText("filler"u8, isEscaped: false);
        }

        long bits = batch.AddText(Encoding.UTF8.GetBytes(text), isEscaped);
        Assert.Equal(expected, Encoding.UTF8.GetString(batch.TextOf(new SampleEntry { Bits = bits })));
    }
}
