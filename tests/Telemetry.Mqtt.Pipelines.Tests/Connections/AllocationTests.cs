using System.IO.Pipelines;

namespace Telemetry.Mqtt.Pipelines.Connections;

[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(nameof(AloneCollection))]
public sealed class AllocationTests
{
    private const int MessagesPerRead = 500;
    private const int Rounds = 200; // 100,000 messages

    [Theory]
    [InlineData(ProtocolLevel.V311)]
    [InlineData(ProtocolLevel.V50)]
    public async Task Receiving_and_acknowledging_allocates_nothing_per_message(ProtocolLevel level)
    {
        using var server = new TestServer();
        server.Intake.CommitsAtOnce = true;
        server.Intake.CountsOnly = true;
        Peer peer = await server.ConnectAsync(level, "gateway");
        byte[] read = [.. Enumerable.Range(1, MessagesPerRead).SelectMany(
            i => peer.Publish("plant/crusher/1", "crusher temperature=41.5,speed=12.25 1700000000000000000", id: i))];
        await RunAsync(peer, read, rounds: 50);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(peer, read, Rounds);
        long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;

        // What is left are the work items of the two pipes: some per read, none per message.
        double perMessage = (double)bytes / (Rounds * MessagesPerRead);
        Assert.True(perMessage < 2, $"expected below 2 B per message, found {perMessage:F2}");
        await peer.CloseAsync();
    }

    private static async Task RunAsync(Peer peer, byte[] read, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            await peer.Output.WriteAsync(read);
            long wanted = MessagesPerRead * AckView.SuccessBytes;
            while (wanted > 0)
            {
                ReadResult result = await peer.Input.ReadAsync();
                wanted -= result.Buffer.Length;
                peer.Input.AdvanceTo(result.Buffer.End);
            }
        }
    }
}
