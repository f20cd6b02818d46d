using System.Globalization;

namespace Telemetry.EndToEnd.Tests.Queries;

/// <summary>
/// The points that statements are asked over. No two series of a measurement have a point at one instant, because the
/// order of such rows varies in influxd.
/// </summary>
internal static class QueryPoints
{
    private const int Seed = 20160325;
    private const long Second = 1_000_000_000;
    private const long Hour = 3_600 * Second;
    private const long Start = 1_456_790_400 * Second; // 2016-03-01T00:00:00Z

    private static readonly string[] States = ["on", "off", "trip"];

    private static readonly string[] Odd =
    [
        @"odd\ name,tag\ key=v\ 1,t2=\=x field\ one=1,""quoted""=2i 1456790400000000000",
        @"odd\ name,tag\ key=v\ 2 field\ one=2.5 1456790460000000000",
        "wide v=1e21,w=1e-7,x=123456789012345680000,z=9007199254740993i 1456790400000000000",
        "wide v=-1.5e300,w=100,x=1,z=-9223372036854775808i 1456790401000000000",
        @"note s=""<a&b> ü 漢 \""q\"" , \\"" 1456790400000000000",
    ];

    /// <summary>The points in line protocol, times in nanoseconds.</summary>
    public static IEnumerable<string> Lines()
    {
        var random = new Random(Seed);
        return Mills(random).Concat(Pumps(random)).Concat(Days(random)).Concat(Odd);
    }

    /// <summary>Four series of an hour, irregular, with fields that are not in every point.</summary>
    private static IEnumerable<string> Mills(Random random)
    {
        string[] tags =
            ["asset=M1,area=north", @"asset=M2,area=south\ west", "asset=M3", "asset=M4,area=north,rack=r1"];
        for (int series = 0; series < tags.Length; series++)
        {
            for (int i = 0; i < 120; i++)
            {
                var fields = new List<string>();
                AddField(fields, random, 80, $"load={Decimal(random, 1000)}");
                AddField(fields, random, 70, $"speed={random.Next(-50, 50)}i");
                AddField(fields, random, 25, $"running={(random.Next(2) == 0 ? "true" : "false")}");
                AddField(fields, random, 20, $"state=\"{States[random.Next(States.Length)]}\"");
                bool isGap = i is > 50 and < 60 || fields.Count == 0;
                if (!isGap)
                {
                    long time = Start + (((i * 30) + series) * Second);
                    yield return $"mill,{tags[series]} {string.Join(',', fields)} {time}";
                }
            }
        }
    }

    /// <summary>Two series of a quarter of an hour: a flow, and a counter that starts over.</summary>
    private static IEnumerable<string> Pumps(Random random)
    {
        for (int series = 0; series < 2; series++)
        {
            int count = 0;
            for (int i = 0; i < 60; i++)
            {
                count = i % 25 == 24 ? 0 : count + random.Next(20);
                long time = Start + (((i * 15) + series) * Second) + random.Next(500_000_000);
                yield return $"pump,asset=P{series + 1} flow={Decimal(random, 200)},count={count}i {time}";
            }
        }
    }

    /// <summary>Hours around the days on which the clocks of Ulaanbaatar changed, 2016-03-26 and 2016-09-24.</summary>
    private static IEnumerable<string> Days(Random random)
    {
        foreach (long start in (long[])[1_458_777_600 * Second, 1_474_502_400 * Second])
        {
            for (int i = 0; i < 96; i++)
            {
                yield return $"ore,site=OT tonnes={Decimal(random, 500)},trucks={random.Next(9)}i {start + (i * Hour)}";
            }
        }
    }

    private static void AddField(List<string> fields, Random random, int percent, string field)
    {
        if (random.Next(100) < percent)
        {
            fields.Add(field);
        }
    }

    private static string Decimal(Random random, int tenths) =>
        (random.Next(-tenths, tenths) / 10.0).ToString("0.0", CultureInfo.InvariantCulture);
}
