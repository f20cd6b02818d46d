using Xunit.Abstractions;

namespace Telemetry.EndToEnd.Tests;

/// <summary>From socket to store a message costs no allocation, counted over the running process.</summary>
public sealed class AllocationTests(ITestOutputHelper output) : ServiceTests
{
    private const int Connections = 50;

    // In a short run what grows once and the test's own requests weigh more than the messages: some 3 MB. An object
    // for each message takes 24 bytes at least.
    private const int WarmUpDefault = 300_000;
    private const int MessagesDefault = 500_000;
    private const double CeilingDefault = 24;
    private const int WarmUpNightly = 2_000_000;
    private const int MessagesNightly = 10_000_000;
    private const double CeilingNightly = 1;
    private static readonly TimeSpan StoredWithin = TimeSpan.FromMinutes(10);

    private protected override string[] Arguments => ["--set", "Logging:LogLevel:Default=Warning"];

    private static bool IsNightly => Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1";

    [Fact]
    public async Task A_message_allocates_nothing_on_its_way_from_the_socket_to_the_store()
    {
        int messages = IsNightly ? MessagesNightly : MessagesDefault;
        using var senders = new LineSenders(Service.MqttPort, Connections);
        await SendAsync(senders, IsNightly ? WarmUpNightly : WarmUpDefault);
        double allocatedBefore = await Service.MetricAsync("telemetry_process_allocated_bytes_total");
        double collectionsBefore = await Service.MetricAsync("telemetry_process_gen2_collections_total");

        await SendAsync(senders, messages);

        double allocated = await Service.MetricAsync("telemetry_process_allocated_bytes_total") - allocatedBefore;
        double collections = await Service.MetricAsync("telemetry_process_gen2_collections_total") - collectionsBefore;
        double each = allocated / messages;
        output.WriteLine($"{each:F2} bytes per message over {messages} messages, {collections} full collections");
        double ceiling = IsNightly ? CeilingNightly : CeilingDefault;
        Assert.True(each < ceiling, $"{each:F2} bytes per message over {messages}, expected less than {ceiling}");
        Assert.Equal(0, collections);
    }

    /// <summary>Returns when all is stored; a query waits for that by itself, so that few are needed.</summary>
    private async Task SendAsync(LineSenders senders, int messages)
    {
        senders.Send(messages);
        await Service.PublishAsync("stride/end", $"stride_end v={messages} {senders.LastTime}");
        await Until.Async(
            "the last message is stored",
            async () => await Service.RowsAsync("SELECT last(v) FROM stride_end") is [var row]
                ? row[1].GetDouble()
                : double.NaN,
            found => found.Equals(messages),
            StoredWithin);
    }
}
