using System.Security.Cryptography;
using System.Text;
using Telemetry.Model;

namespace Telemetry.FirmwareSim.Tests.Payloads;

public sealed class GatewayPayloadsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_payloads_however_they_are_asked_for()
    {
        foreach (Gateway gateway in Runs.Site.Gateways)
        {
            string atOnce = Hash(gateway.Id, new SimulatorOptions { Seed = 7 }, stepSeconds: 120);

            Assert.Equal(atOnce, Hash(gateway.Id, new SimulatorOptions { Seed = 7 }, stepSeconds: 0.05));
            Assert.Equal(atOnce, Hash(gateway.Id, new SimulatorOptions { Seed = 7, SpeedFactor = 60 }, 120));
        }
    }

    [Fact]
    public void Another_seed_gives_other_payloads()
    {
        Assert.NotEqual(
            Hash("GW-CRUSH", new SimulatorOptions { Seed = 1 }, 120),
            Hash("GW-CRUSH", new SimulatorOptions { Seed = 2 }, 120));
    }

    [Theory]
    [InlineData("GW-WX", "telegraf/pilot/GW-WX", "WX,area=600-environment,asset=WX-601,site=pilot air_temp=")]
    [InlineData("GW-MILL", "km-pilot/v1/pilot/300-concentrator/ML-301", "{\"time\":1768838400")]
    [InlineData("GW-CRUSH", "iotgateway/pilot/GW-CRUSH", "{\"timestamp\":1768838400")]
    [InlineData("GW-TAIL", "senml/pilot/400-tailings-water/TH-401", "[{\"bn\":\"TH-401/\",\"bt\":1768838400.")]
    [InlineData("GW-UTIL", "frame/pilot/500-utilities/GS-501", "TF\u0001\0\0\0\0")]
    public void Each_gateway_speaks_its_own_format(string gateway, string topic, string beginning)
    {
        GatewayPayloads payloads = Runs.Open(gateway, Runs.Winter);

        Assert.True(payloads.TryNext(Timestamp.From(Runs.Winter.AddSeconds(1)), out GatewayPayload payload));

        Assert.Equal(topic, Encoding.UTF8.GetString(payload.Topic));
        Assert.StartsWith(beginning, Encoding.Latin1.GetString(payload.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(91.5, 915, 1)]
    [InlineData(-0.0, 0, 0)]
    [InlineData(47.70003, 4_770_003, 5)]
    [InlineData(-12, -12, 0)]
    [InlineData(1.0 / 3, 333_333_333, 9)]
    [InlineData(123_456.7891, 1_234_567_891, 4)]
    [InlineData(1e12, int.MaxValue, 0)]
    [InlineData(-1e12, int.MinValue, 0)]
    public void A_frame_has_a_value_in_as_few_digits_as_it_takes(double value, int mantissa, int digits) =>
        Assert.Equal((mantissa, digits), CompactFrame.DecimalOf(value));

    [Fact]
    public void Frames_are_numbered_without_a_gap_and_anew_after_a_reset()
    {
        GatewayPayloads payloads = Runs.Open(
            "GW-UTIL", Runs.Winter, new SimulatorOptions { Firmware = new() { Resets = 60 } });
        uint expected = 0;
        int resetCount = 0;
        while (payloads.TryNext(Timestamp.From(Runs.Winter.AddHours(2)), out GatewayPayload payload))
        {
            expected = payload.Origin.ResetCount == resetCount ? expected : 0;
            resetCount = payload.Origin.ResetCount;
            Assert.Equal(expected++, BitConverter.ToUInt32(payload.Body[3..]));
        }

        Assert.InRange(resetCount, 2, 12);
    }

    [Fact]
    public void Every_sample_is_one_of_the_site_and_comes_at_its_period()
    {
        foreach (Gateway gateway in Runs.Site.Gateways)
        {
            var bySignal = Runs.Read(gateway.Id, Runs.Summer, seconds: 600).ToLookup(sample => sample.Signal);
            foreach (SignalInstance signal in Runs.Site.Signals.Where(s => s.Asset.Gateway == gateway.Id))
            {
                long[] times = [.. bySignal[signal.Id].Select(sample => sample.Time)];
                double period = signal.Definition.PeriodSeconds;
                if (period is 0 or > 300)
                {
                    continue;
                }

                Assert.InRange(times.Length, (600 / period) - 1, (600 / period) + 2);
                Assert.All(times.Skip(1).Zip(times.Skip(2)), pair =>
                    Assert.Equal(period * Timestamp.NanosecondsPerSecond, pair.Second - pair.First));
            }
        }
    }

    [Fact]
    public void The_rate_multiplies_the_samples_and_their_times_stay_true()
    {
        var slow = Runs.Read("GW-MILL", Runs.Summer, 60).ToList();
        var fast = Runs.Read("GW-MILL", Runs.Summer, 60, new SimulatorOptions { Rate = 10 }).ToList();

        Assert.InRange((double)fast.Count / slow.Count, 9, 10.5);
        long[] times = [.. fast.Where(sample => sample.Signal == "PU-301.motor_current").Select(sample => sample.Time)];
        Assert.Equal(times.Length, times.Distinct().Count());
        Assert.Equal(Timestamp.NanosecondsPerSecond / 10, times[1] - times[0]);
    }

    [Fact]
    public void What_was_skipped_is_gone_and_what_follows_is_the_same()
    {
        GatewayPayloads skipping = Runs.Open("GW-LAB", Runs.Winter);
        Assert.Equal(3_600, skipping.SkipTo(skipping.NextTime + (3_600 * Timestamp.NanosecondsPerSecond)));
        Assert.Equal(0, skipping.SkipTo(0));
        Assert.True(skipping.NextTime > Timestamp.From(Runs.Winter.AddSeconds(3_599)));
    }

    [Fact]
    public void Totals_never_fall()
    {
        string[] totals = ["CV-203.belt_scale_total", "EL-501.energy_import", "GS-501.run_hours", "CC-301.rinse_cycle"];
        foreach (string gateway in (string[])["GW-CRUSH", "GW-UTIL", "GW-GRAV"])
        {
            var bySignal = Runs.Read(gateway, Runs.Winter, seconds: 400)
                .ToLookup(sample => sample.Signal, sample => sample.Value);
            foreach (string total in totals.Where(bySignal.Contains))
            {
                Assert.Equal(bySignal[total].Order(), bySignal[total]);
                Assert.True(bySignal[total].Last() > 0);
            }
        }
    }

    private static string Hash(string gateway, SimulatorOptions options, double stepSeconds)
    {
        GatewayPayloads payloads = Runs.Open(gateway, Runs.Winter, options);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (double asked = 0; asked <= 120; asked += stepSeconds)
        {
            while (payloads.TryNext(Timestamp.From(Runs.Winter.AddSeconds(asked)), out GatewayPayload payload))
            {
                hash.AppendData(payload.Topic);
                hash.AppendData(payload.Body);
            }
        }

        while (payloads.TryNext(Timestamp.From(Runs.Winter.AddSeconds(120)), out GatewayPayload payload))
        {
            hash.AppendData(payload.Topic);
            hash.AppendData(payload.Body);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
