using System.Buffers;
using Telemetry.Detection.Assets;

namespace Telemetry.Detection.Tests.Assets;

public sealed class AssetStateTests
{
    private const int SignalCount = 5;
    private const int WarmUp = 900;

    private static byte[] Save(AssetDetector detector)
    {
        var bytes = new ArrayBufferWriter<byte>();
        detector.Save(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static double[][] Rows()
    {
        double[][] rows = new SyntheticAsset(SignalCount, 21).Take(1_500);
        for (int i = 1_100; i < 1_300; i++)
        {
            rows[i][3] -= 2;
        }

        for (int i = 0; i < rows.Length; i += 13)
        {
            rows[i][i % SignalCount] = double.NaN;
        }

        return rows;
    }

    private static AssetDetector After(int rowCount, long period)
    {
        double[][] rows = Rows();
        var detector = new AssetDetector(SignalCount, WarmUp);
        for (int i = 0; i < rowCount; i++)
        {
            detector.Observe(i * period, rows[i]);
        }

        return detector;
    }

    [Theory]
    [InlineData(SyntheticAsset.Second)]
    [InlineData(3_600 * SyntheticAsset.Second)]
    public void A_restart_at_any_row_gives_the_same_verdicts(long period)
    {
        double[][] rows = Rows();
        int[] restarts = [0, 5, 15, 16, 17, 300, WarmUp - 1, WarmUp, WarmUp + 1, 1_110, 1_250, 1_305, 1_499];
        var steady = new AssetDetector(SignalCount, WarmUp);
        var restarted = new AssetDetector(SignalCount, WarmUp);
        int alarms = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (restarts.Contains(i))
            {
                Assert.Equal(RestoreOutcome.Restored, AssetDetector.Restore(Save(restarted), out AssetDetector? read));
                restarted = read!;
                Assert.Equal(steady.Phase, restarted.Phase);
                Assert.Equal(Save(steady), Save(restarted));
            }

            AssetVerdict verdict = steady.Observe(i * period, rows[i]);
            Assert.Equal(verdict, restarted.Observe(i * period, rows[i]));
            alarms += verdict.IsAlarm ? 1 : 0;
        }

        Assert.InRange(alarms, 100, 400);
        var expected = new SignalContribution[SignalCount];
        var found = new SignalContribution[SignalCount];
        steady.Explain(expected);
        restarted.Explain(found);
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(500)]
    [InlineData(1_200)]
    public void What_is_cut_or_has_more_behind_it_is_malformed(int rowCount)
    {
        byte[] saved = Save(After(rowCount, 3_600 * SyntheticAsset.Second));
        for (int bytes = 0; bytes < saved.Length; bytes += 1 + (bytes / 20))
        {
            Assert.Equal(RestoreOutcome.Malformed, AssetDetector.Restore(saved.AsSpan(0, bytes), out _));
        }

        Assert.Equal(RestoreOutcome.Malformed, AssetDetector.Restore([.. saved, 0], out AssetDetector? read));
        Assert.Null(read);
    }

    [Fact]
    public void A_later_version_is_unknown()
    {
        byte[] saved = Save(After(5, 1));
        saved[4]++;
        Assert.Equal(RestoreOutcome.UnknownVersion, AssetDetector.Restore(saved, out AssetDetector? read));
        Assert.Null(read);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(700)]
    [InlineData(1_200)]
    public void Damaged_bytes_never_throw_and_never_give_what_is_no_number(int rowCount)
    {
        byte[] saved = Save(After(rowCount, SyntheticAsset.Second));
        double[] row = Rows()[1];
        var random = new Random(rowCount);
        int restored = 0;
        for (int i = 0; i < 2_000; i++)
        {
            byte[] damaged = [.. saved];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (AssetDetector.Restore(damaged, out AssetDetector? read) != RestoreOutcome.Restored)
            {
                continue;
            }

            restored++;
            for (int j = 0; j < 3 && read!.SignalCount == row.Length; j++)
            {
                Assert.False(double.IsNaN(read.Observe(j, row).Statistic));
            }
        }

        Assert.InRange(restored, 1, 2_000);
    }
}
