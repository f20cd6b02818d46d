using System.Globalization;

namespace Telemetry.Ingestion.Tests;

/// <summary>
/// Any sequence of messages: edge nodes that restart with other aliases, on a network that loses, swaps, repeats and
/// damages, and a service that restarts. No value comes under another name than its node meant, nothing throws, and
/// what was decoded by one long run is decoded by one with restarts.
/// </summary>
public sealed class SparkplugSequenceTests
{
    private const int Steps = 2_000;
    private const int NodeCount = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_value_comes_under_another_name_whatever_happens_on_the_way(int seed)
    {
        using var edge = new EdgeScript();
        using var again = new EdgeScript();
        var random = new Random(seed);
        var mine = new List<ScriptedNode>();
        for (int i = 0; i < NodeCount; i++)
        {
            mine.Add(new ScriptedNode($"N{i}", random));
        }

        int values = 0;
        for (int step = 0; step < Steps; step++)
        {
            ScriptedNode node = mine[random.Next(NodeCount)];
            foreach ((string topic, byte[] payload) in node.Step(edge.NowMilliseconds))
            {
                string[] lines = await edge.TakeAsync(topic, payload);
                Assert.Equal(lines, await again.TakeAsync(topic, payload));
                values += lines.Length;
                foreach (string line in lines)
                {
                    AssertNamedAsMeant(line);
                }
            }

            if (random.Next(4) == 0)
            {
                int seconds = random.Next(5);
                await edge.PassAsync(seconds);
                await again.PassAsync(seconds);
            }

            if (random.Next(50) == 0)
            {
                again.Restart();
            }

            foreach (SparkplugRequest request in edge.Requests.Where(_ => random.Next(3) > 0))
            {
                mine.Single(asked => asked.Name == request.Node).OnRebirthWanted();
            }

            edge.Requests.Clear();
        }

        Assert.InRange(values, Steps / 4, int.MaxValue); // the network is bad, and births are asked for slowly
    }

    [Fact]
    public async Task Nothing_throws_on_damaged_messages()
    {
        using var edge = new EdgeScript();
        var random = new Random(7);
        var node = new ScriptedNode("N", random);
        string[] kinds = ["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH", "NCMD", "STATE", "", "X/Y"];
        for (int step = 0; step < Steps; step++)
        {
            foreach ((string topic, byte[] payload) in node.Step(edge.NowMilliseconds))
            {
                byte[] damaged = [.. payload[..random.Next(payload.Length + 1)]];
                for (int i = 0; i < damaged.Length; i += 1 + random.Next(20))
                {
                    damaged[i] ^= (byte)(1 << random.Next(8));
                }

                string kind = kinds[random.Next(kinds.Length)];
                string[] levels = topic.Split('/');
                await edge.TakeAsync(topic, payload);
                await edge.TakeAsync($"spBv1.0/G/{kind}/{string.Join('/', levels[3..])}", damaged);
            }

            if (random.Next(10) == 0)
            {
                await edge.PassAsync(random.Next(8));
                edge.Restart();
            }
        }

        Assert.InRange(edge.Host.Nodes.Count, 1, SparkplugLimits.NodesMax);
    }

    /// <summary>A node writes into each value which metric it is of: the value's last three digits say it.</summary>
    private static void AssertNamedAsMeant(string line)
    {
        string field = line.Split(' ')[1];
        foreach (string pair in field.Split(','))
        {
            string[] parts = pair.Split('=');
            int metric = int.Parse(parts[0].AsSpan(1), CultureInfo.InvariantCulture);
            long value = long.Parse(parts[1].AsSpan(0, parts[1].Length - 1), CultureInfo.InvariantCulture);
            Assert.Equal(metric, value % 1_000);
        }
    }
}
