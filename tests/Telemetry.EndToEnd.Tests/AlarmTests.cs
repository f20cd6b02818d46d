using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Telemetry.EndToEnd.Tests;

public sealed class AlarmTests : ServiceTests
{
    private const string Alarm = "P-1.temp/HH";
    private const string Site = """
        site: test
        equipment:
          PU:
            name: Pump
            signals:
              temp: {name: Temperature, unit: Cel, range: [0, 200], limits: {hh: 80}, on_delay: 0, off_delay: 0}
        assets:
          - {id: P-1, type: PU}
        routes:
          - {name: all, topic: "#", decoder: line-protocol}
        """;

    private protected override string SiteText => Site;

    [Fact]
    public async Task An_acknowledged_alarm_is_still_acknowledged_after_kill_9()
    {
        await RaiseAsync();
        var request = new { id = Alarm, @operator = "Bat", comment = "on my way" };
        using HttpResponseMessage answer =
            await Service.Http.PostAsJsonAsync(new Uri("/alarms/acknowledge", UriKind.Relative), request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        await RestartAfterKillAsync();

        JsonElement alarm = await WaitForAsync("acknowledged");
        Assert.Equal("Bat", alarm.GetProperty("acknowledgedBy").GetString());
        Assert.Equal("on my way", alarm.GetProperty("comment").GetString());
    }

    [Fact]
    public async Task An_alarm_nobody_has_acknowledged_is_still_unacknowledged_after_kill_9()
    {
        await RaiseAsync();

        await RestartAfterKillAsync();

        JsonElement alarm = await WaitForAsync("unacknowledged");
        Assert.Equal(95, alarm.GetProperty("value").GetDouble());
        Assert.Equal(80, alarm.GetProperty("limit").GetDouble());
    }

    [Fact]
    public async Task The_feed_begins_with_the_board_and_goes_on_with_each_change()
    {
        await RaiseAsync();
        await using Stream stream =
            await Service.Http.GetStreamAsync(new Uri("/alarms/feed", UriKind.Relative));
        using var reader = new StreamReader(stream);

        JsonElement board = await ReadAsync(reader, "board");
        Assert.Equal(Alarm, board[0].GetProperty("id").GetString());

        await Service.PublishAsync("plant/P-1", "any,asset=P-1 temp=20");
        JsonElement change = await ReadAsync(reader, "alarm");
        Assert.Equal(Alarm, change.GetProperty("id").GetString());
        Assert.Equal("returned-unacknowledged", change.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_standing_alarm_is_a_retained_message_before_and_after_a_restart()
    {
        await RaiseAsync();
        await RequireRetainedAsync();

        await RestartAfterKillAsync();
        await RequireRetainedAsync();
    }

    private async Task RaiseAsync()
    {
        await Service.PublishAsync("plant/P-1", "any,asset=P-1 temp=20");
        await Service.PublishAsync("plant/P-1", "any,asset=P-1 temp=95");
        await WaitForAsync("unacknowledged");
    }

    private async Task RequireRetainedAsync()
    {
        await using ToolRun subscriber = await Service.SubscribeAsync("-t", "telemetry/test/alarms/#", "-C", "1");
        Assert.Equal(0, await subscriber.WaitAsync());
        Assert.Contains("telemetry/test/alarms/P-1/temp/HH {", subscriber.Output, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"unacknowledged\"", subscriber.Output, StringComparison.Ordinal);
    }

    private Task<JsonElement> WaitForAsync(string state) => Until.Async(
        $"alarm {Alarm} is {state}",
        async () =>
        {
            JsonElement alarms = await Service.JsonAsync("/alarms");
            return alarms.EnumerateArray().FirstOrDefault(alarm => alarm.GetProperty("id").GetString() == Alarm);
        },
        alarm => alarm.ValueKind == JsonValueKind.Object && alarm.GetProperty("state").GetString() == state);

    /// <summary>The data of the next event of a name.</summary>
    private static async Task<JsonElement> ReadAsync(StreamReader reader, string name)
    {
        using var deadline = new CancellationTokenSource(Until.Deadline);
        while (await reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line == $"event: {name}")
            {
                string data = (await reader.ReadLineAsync(deadline.Token))!;
                using JsonDocument document = JsonDocument.Parse(data["data: ".Length..]);
                return document.RootElement.Clone();
            }
        }

        throw new InvalidOperationException($"the feed ended without an event '{name}'");
    }
}
