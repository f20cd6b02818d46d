using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Testing;

namespace Telemetry.Ingestion.Tests;

public sealed class SparkplugHostTests
{
    private const string NodeBirthTopic = "spBv1.0/G/NBIRTH/N";
    private const string NodeDataTopic = "spBv1.0/G/NDATA/N";
    private const string NodeDeathTopic = "spBv1.0/G/NDEATH/N";
    private const string DeviceBirthTopic = "spBv1.0/G/DBIRTH/N/D";
    private const string DeviceDataTopic = "spBv1.0/G/DDATA/N/D";
    private const string DeviceDeathTopic = "spBv1.0/G/DDEATH/N/D";

    [Fact]
    public async Task Data_by_alias_is_named_by_the_birth_of_its_node_or_device()
    {
        using var edge = new EdgeScript();
        Assert.Equal(["G,node=N temp=20i 1000"], Milli(await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000))));
        Assert.Equal(
            ["G,device=D,node=N level=7i 2000"], Milli(await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000))));
        Assert.Equal(
            ["G,node=N temp=21i 3000"],
            Milli(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(3_000, 2).Aliased(1, 21))));
        Assert.Equal(
            ["G,device=D,node=N level=8i 4000"],
            Milli(await edge.TakeAsync(DeviceDataTopic, EdgePayload.At(4_000, 3).Aliased(9, 8))));
        Assert.Empty(edge.Requests);
        Assert.True(edge.Node is { IsSure: true, Gaps: 0, Births: 1, BirthDeathSequence: 4 });
    }

    [Fact]
    public async Task An_alias_of_another_device_names_nothing()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000));
        Assert.Empty(await edge.TakeAsync(DeviceDataTopic, EdgePayload.At(3_000, 2).Aliased(1, 21)));
        Assert.Equal(
            ["Quarantined alias 1 is unknown: it is not in the birth; it is held until another one comes"],
            edge.Fates());
    }

    [Fact]
    public async Task An_alias_that_a_birth_gives_twice_names_nothing()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, EdgePayload.At(1_000, 0).Born("a", 1, 5).Born("b", 1, 6));
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(2_000, 1).Aliased(1, 21)));
    }

    [Fact]
    public async Task Data_without_a_birth_is_held_and_decoded_once_with_its_own_times_when_the_birth_comes()
    {
        using var edge = new EdgeScript();
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(500, 7).Aliased(1, 19)));
        Assert.Equal(
            ["Quarantined alias 1 is unknown: its birth has not been seen; it is held until it comes"], edge.Fates());
        Assert.Equal([new SparkplugRequest("edge", "G", "N")], edge.Requests);

        edge.Now += EdgeScript.Second;
        Assert.Equal(
            ["G,node=N temp=20i 1000", "G,node=N temp=19i 500"],
            Milli(await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000))));
        Assert.Equal([false, true], edge.Batch.Records.ToArray().Select(record => record.ReleasedAt > 0));
        Assert.Equal(["Decoded", "Decoded"], edge.Fates());
        Assert.Empty(edge.Node.Held);
    }

    [Fact]
    public async Task Data_of_a_device_waits_for_the_birth_of_the_device()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(DeviceDataTopic, EdgePayload.At(500, 7).Aliased(9, 3));
        Assert.Equal(["G,node=N temp=20i 1000"], Milli(await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000))));
        Assert.Equal(
            ["G,device=D,node=N level=7i 2000", "G,device=D,node=N level=3i 500"],
            Milli(await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000))));
    }

    [Fact]
    public async Task What_waited_longer_than_anyone_remembers_stays_in_quarantine()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeDataTopic, EdgePayload.At(500, 7).Aliased(1, 19));
        edge.Now += (SparkplugLimits.HoldSeconds + 1) * EdgeScript.Second;
        Assert.Single(await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000)));
    }

    [Fact]
    public async Task Held_data_of_a_session_that_died_is_not_named_by_the_next_one()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeDataTopic, EdgePayload.At(500, 7).Aliased(1, 19));
        await edge.TakeAsync(NodeDeathTopic, EdgePayload.At(600, -1));
        Assert.Single(await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000)));
    }

    [Fact]
    public async Task Held_data_is_not_named_by_a_birth_with_another_bdSeq()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(NodeDataTopic, EdgePayload.At(2_000, 5).Aliased(1, 19));
        Assert.Single(edge.Node.Held);
        Assert.Single(await edge.TakeAsync(NodeBirthTopic, Birth(0, 3_000, bdSeq: 5)));
        Assert.Empty(edge.Node.Held);
    }

    [Fact]
    public async Task Messages_out_of_order_are_put_in_order_within_the_timeout()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(4_000, 3).Aliased(1, 33)));
        Assert.Equal(
            ["Quarantined alias 1 is unknown: number 1 is missing, 3 came; it is held until that or a birth comes"],
            edge.Fates());
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(3_000, 2).Aliased(1, 32)));
        await edge.PassAsync(9);
        Assert.Equal(
            ["G,node=N temp=31i 2000", "G,node=N temp=32i 3000", "G,node=N temp=33i 4000"],
            Milli(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(2_000, 1).Aliased(1, 31))));
        await edge.PassAsync(9);
        Assert.Empty(edge.Requests);
        Assert.Single(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(5_000, 4).Aliased(1, 34)));
        Assert.Equal(1, edge.Node.Gaps);
    }

    [Fact]
    public async Task A_birth_of_a_device_out_of_order_takes_effect_in_its_place()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000));
        Assert.Equal(
            ["G,device=D,node=N flow=5i 4000"],
            Milli(await edge.TakeAsync(DeviceBirthTopic, EdgePayload.At(4_000, 3).Born("flow", 9, 5))));
        Assert.Empty(await edge.TakeAsync(DeviceDataTopic, EdgePayload.At(5_000, 4).Aliased(9, 6)));
        Assert.Equal(
            ["G,device=D,node=N level=8i 3000", "G,device=D,node=N flow=6i 5000"],
            Milli(await edge.TakeAsync(DeviceDataTopic, EdgePayload.At(3_000, 2).Aliased(9, 8))));
    }

    [Fact]
    public async Task A_message_that_stays_away_costs_a_rebirth_and_nothing_is_named_before_it()
    {
        using var edge = new EdgeScript(new SparkplugSettings { ReorderTimeout = TimeSpan.FromSeconds(3) });
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(NodeDataTopic, EdgePayload.At(3_000, 2).Aliased(1, 32));
        await edge.PassAsync(2);
        Assert.Empty(edge.Requests);
        await edge.PassAsync(2);
        Assert.Equal([new SparkplugRequest("edge", "G", "N")], edge.Requests);
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(4_000, 3).Aliased(1, 33)));
        Assert.Equal(1, edge.Batch.Records[0].MissingCount);
        Assert.Equal(
            [
                "Quarantined alias 1 is unknown: messages before it were lost; it is held until the births come again",
            ],
            edge.Fates());
        Assert.Equal(
            ["G,node=N temp=20i 9000", "G,node=N temp=32i 3000", "G,node=N temp=33i 4000"],
            Milli(await edge.TakeAsync(NodeBirthTopic, Birth(0, 9_000))));
    }

    [Fact]
    public async Task Without_rebirth_requests_aliases_are_believed_across_a_gap()
    {
        using var edge = new EdgeScript(new SparkplugSettings { RequestsRebirth = false });
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(NodeDataTopic, EdgePayload.At(3_000, 2).Aliased(1, 32));
        Assert.Equal(["G,node=N temp=32i 3000"], Milli(await edge.PassAsync(11)));
        Assert.Equal(Lanes.All, edge.Batch.Records[^1].Lane);
        Assert.Single(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(4_000, 3).Aliased(1, 33)));
        Assert.Empty(edge.Requests);
    }

    [Fact]
    public async Task A_node_is_asked_half_a_minute_apart_then_twice_as_long()
    {
        using var edge = new EdgeScript();
        var asked = new List<int>();
        for (int second = 0; second < 2_400; second++)
        {
            int before = edge.Requests.Count;
            await edge.TakeAsync(NodeDataTopic, EdgePayload.At(500, 7).Aliased(1, 19));
            edge.Now += EdgeScript.Second;
            if (edge.Requests.Count > before)
            {
                asked.Add(second);
            }
        }

        Assert.Equal([0, 30, 90, 210, 450, 930, 1_530, 2_130], asked);
    }

    [Fact]
    public async Task All_nodes_together_are_asked_a_few_times_a_second()
    {
        using var edge = new EdgeScript();
        for (int node = 0; node < 20; node++)
        {
            await edge.TakeAsync($"spBv1.0/G/NDATA/N{node}", EdgePayload.At(500, 7).Aliased(1, 19));
        }

        Assert.Equal(SparkplugLimits.RebirthsPerSecondMax, edge.Requests.Count);
    }

    [Fact]
    public async Task A_death_of_the_node_marks_all_its_metrics_stale_at_its_arrival()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, edge.NowMilliseconds));
        await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, edge.NowMilliseconds));
        edge.Now += 5 * EdgeScript.Second;
        long arrival = edge.Now;
        string[] stale = await edge.TakeAsync(NodeDeathTopic, EdgePayload.At(1, -1).Born("bdSeq", null, 4, true));
        Assert.Equal([$"G,device=D,node=N level=7i {arrival}", $"G,node=N temp=20i {arrival}"], stale);
        Assert.All(edge.Batch.Samples.ToArray(), sample => Assert.Equal(Quality.LastKnown, sample.Quality));
        Assert.All(edge.Batch.Points.ToArray(), point => Assert.Equal(PointFlags.Stale, point.Flags));
        Assert.False(edge.Node.Own.IsOnline);
        Assert.All(edge.Node.Devices, device => Assert.False(device.IsOnline));

        Assert.Empty(await edge.TakeAsync(NodeDeathTopic, EdgePayload.At(1, -1).Born("bdSeq", null, 4, true)));
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(6_000, 2).Aliased(1, 33)));
        Assert.Single(edge.Requests);
    }

    [Fact]
    public async Task A_death_of_an_earlier_session_changes_nothing()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        Assert.Empty(await edge.TakeAsync(NodeDeathTopic, EdgePayload.At(1, -1).Born("bdSeq", null, 3, true)));
        Assert.True(edge.Node.Own.IsOnline);
    }

    [Fact]
    public async Task A_death_of_a_device_marks_its_metrics_stale_at_its_own_time()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000));
        Assert.Equal(
            ["G,device=D,node=N level=7i 5000"],
            Milli(await edge.TakeAsync(DeviceDeathTopic, EdgePayload.At(5_000, 2))));
        Assert.True(edge.Node.Own.IsOnline);
        Assert.False(edge.Node.Find("D"u8)!.IsOnline);
        Assert.Empty(await edge.TakeAsync(DeviceDataTopic, EdgePayload.At(6_000, 3).Aliased(9, 3)));
    }

    [Fact]
    public async Task A_stale_mark_never_writes_over_a_measured_value()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000));
        Assert.Equal(
            ["G,device=D,node=N level=7i 2000000001"],
            await edge.TakeAsync(DeviceDeathTopic, EdgePayload.At(1_500, 2)));
    }

    [Fact]
    public async Task The_state_survives_a_restart_with_aliases_gaps_and_what_is_held()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000));
        edge.Restart();
        Assert.Single(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(3_000, 2).Aliased(1, 21)));
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(5_000, 4).Aliased(1, 23)));
        edge.Restart();
        Assert.Equal(
            ["G,node=N temp=22i 4000", "G,node=N temp=23i 5000"],
            Milli(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(4_000, 3).Aliased(1, 22))));
        Assert.Empty(edge.Requests);
    }

    [Fact]
    public async Task Historical_values_are_late_whatever_their_time()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        long time = edge.NowMilliseconds;
        await edge.TakeAsync(
            NodeDataTopic,
            EdgePayload.At(time, 1).Aliased(1, 5, time - 1, isHistorical: true).Aliased(1, 6, time));
        Assert.Equal(
            [PointFlags.Late | PointFlags.Historical, PointFlags.None],
            edge.Batch.Points.ToArray().Select(point => point.Flags));
    }

    [Fact]
    public async Task Held_data_is_late_when_the_birth_came_late()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeDataTopic, EdgePayload.At(edge.NowMilliseconds, 7).Aliased(1, 19));
        edge.Now += 301 * EdgeScript.Second;
        await edge.TakeAsync(NodeBirthTopic, Birth(0, edge.NowMilliseconds));
        Assert.Equal([PointFlags.None, PointFlags.Late], edge.Batch.Points.ToArray().Select(point => point.Flags));
    }

    [Fact]
    public async Task A_message_that_comes_twice_in_a_row_is_a_duplicate()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        await edge.TakeAsync(NodeDataTopic, EdgePayload.At(2_000, 1).Aliased(1, 21));
        Assert.Empty(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(2_000, 1).Aliased(1, 21)));
        Assert.Equal(["Duplicate"], edge.Fates());
        Assert.Equal(0, edge.Node.Gaps);
    }

    [Fact]
    public async Task Commands_and_states_of_hosts_are_no_measurements()
    {
        using var edge = new EdgeScript();
        Assert.Empty(await edge.TakeAsync("spBv1.0/G/NCMD/N", EdgePayload.At(1_000, -1).Born("temp", 1, 5)));
        Assert.Empty(await edge.TakeAsync("spBv1.0/G/DCMD/N/D", EdgePayload.At(1_000, -1).Born("temp", 1, 5)));
        Assert.Empty(await edge.TakeAsync("spBv1.0/STATE/other", "{\"online\":false}"u8.ToArray()));
        Assert.Equal(["NotAMeasurement"], edge.Fates());
        Assert.Empty(edge.Host.Nodes);
        Assert.Empty(edge.Requests);
    }

    [Fact]
    public async Task Whoever_says_that_this_host_is_away_is_contradicted()
    {
        using var edge = new EdgeScript(new SparkplugSettings { HostId = "mine" });
        await edge.TakeAsync("spBv1.0/STATE/mine", "{\"online\":true,\"timestamp\":1}"u8.ToArray());
        await edge.TakeAsync("spBv1.0/STATE/mine", "not JSON"u8.ToArray());
        Assert.Empty(edge.Requests);
        await edge.TakeAsync("spBv1.0/STATE/mine", "{\"online\":false,\"timestamp\":1}"u8.ToArray());
        Assert.Equal([SparkplugRequest.TellState], edge.Requests);
    }

    [Fact]
    public async Task A_birth_that_is_no_protobuf_is_quarantined_and_leaves_the_earlier_one()
    {
        using var edge = new EdgeScript();
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        byte[] broken = [.. Birth(0, 2_000).Bytes, 0x12, 0x7F];
        Assert.Empty(await edge.TakeAsync(NodeBirthTopic, broken));
        Assert.Equal(["Quarantined"], edge.Fates());
        Assert.Single(await edge.TakeAsync(NodeDataTopic, EdgePayload.At(3_000, 1).Aliased(1, 21)));
    }

    [Fact]
    public async Task A_route_may_name_the_series_itself()
    {
        RouteDefinition[] routes =
        [
            new RouteDefinition
            {
                Name = "devices",
                Filter = "spBv1.0/+/+/+/+",
                Decoder = "sparkplug",
                Measurement = "plc",
                Tags = [new Tag("asset", "{5}")],
            },
            new RouteDefinition { Name = "nodes", Filter = "spBv1.0/#", Decoder = "sparkplug" },
        ];
        using var edge = new EdgeScript(routes: routes);
        await edge.TakeAsync(NodeBirthTopic, Birth(0, 1_000));
        Assert.Equal(
            ["plc,asset=D level=7i 2000"], Milli(await edge.TakeAsync(DeviceBirthTopic, DeviceBirth(1, 2_000))));
        Assert.Equal(
            ["plc,asset=D level=7i 5000"],
            Milli(await edge.TakeAsync(DeviceDeathTopic, EdgePayload.At(5_000, 2))));
    }

    [Fact]
    public void Data_of_a_known_session_allocates_nothing()
    {
        const int Numbers = 256;
        var host = new SparkplugHost(new SparkplugSettings());
        byte[] birth = BodyOf(NodeBirthTopic, Birth(0, 1_000));
        byte[][] data =
        [
            .. Enumerable.Range(0, Numbers)
                .Select(i => BodyOf(NodeDataTopic, EdgePayload.At(2_000, i).Aliased(1, i))),
        ];
        int next = 1;
        host.Take(MessageRecord.Read(birth), EdgeScript.Second);
        Assert.Equal(0, Allocation.Measure(() =>
        {
            SparkplugStep step = host.Take(MessageRecord.Read(data[next++ % Numbers]), EdgeScript.Second);
            Assert.True(step is { Action: SparkplugAction.Decode, Births: not null });
        }));
    }

    private static byte[] BodyOf(string topic, EdgePayload payload)
    {
        var publish = new PublishView { Topic = SmallMine.Bytes(topic), Payload = payload.Bytes };
        var body = new byte[MessageRecord.Measure(clientBytes: 0, publish)];
        MessageRecord.Write(body, client: default, publish);
        return body;
    }

    private static EdgePayload Birth(int sequence, long time, long bdSeq = 4) =>
        EdgePayload.At(time, sequence).Born("bdSeq", null, bdSeq, true).Born("temp", 1, 20);

    private static EdgePayload DeviceBirth(int sequence, long time) =>
        EdgePayload.At(time, sequence).Born("level", 9, 7);

    /// <summary>Lines with their times in milliseconds.</summary>
    private static string[] Milli(string[] lines) =>
        [.. lines.Select(line => line.EndsWith("000000", StringComparison.Ordinal) ? line[..^6] : line)];
}
