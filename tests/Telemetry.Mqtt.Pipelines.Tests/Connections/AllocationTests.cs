using System.Buffers;
using System.IO.Pipelines;
using Telemetry.Mqtt.Pipelines.Transports;

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

    [Fact]
    public async Task A_packet_and_its_answer_over_a_socket_allocate_nothing()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        pair.Peer.ReceiveTimeout = 10_000;
        byte[] buffer = new byte[64];
        await ExchangeAsync(pair, buffer, rounds: 2_000);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await ExchangeAsync(pair, buffer, rounds: 10_000);
        double perRound = (GC.GetTotalAllocatedBytes(precise: true) - before) / 10_000.0;
        Assert.True(perRound < 8, $"expected below 8 B for a packet and its answer, found {perRound:F1}");
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

    private static async Task ExchangeAsync(SocketPair pair, byte[] buffer, int rounds)
    {
        Task serving = Task.Run(() => ServeAsync(pair, rounds)); // without the context of the test
        for (int i = 0; i < rounds; i++)
        {
            pair.Peer.Send(buffer.AsSpan(0, 40));
            pair.Peer.Receive(buffer.AsSpan(0, 4));
        }

        await serving;
    }

    private static async Task ServeAsync(SocketPair pair, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            ReadResult read = await pair.Input.ReadAsync();
            pair.Input.AdvanceTo(read.Buffer.End);
            pair.Output.Write("\u0040\u0002ab"u8);
            await pair.Output.FlushAsync();
        }
    }
}
