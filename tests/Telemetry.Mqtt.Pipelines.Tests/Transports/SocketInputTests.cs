using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Telemetry.Mqtt.Pipelines.Transports;

public sealed class SocketInputTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_consumed_and_examined_every_byte_comes_once_and_in_order(int seed)
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        var random = new Random(seed);
        byte[] sent = new byte[2_000_000];
        random.NextBytes(sent);
        Task sending = SendInPiecesAsync(pair.Peer, sent, new Random(seed + 100));
        var seen = new List<byte>(sent.Length);
        bool isCompleted = false;
        while (!isCompleted)
        {
            ReadResult read = await ReadAsync(pair);
            int bytes = (int)read.Buffer.Length;
            int consumed = random.Next(4) == 0 ? random.Next(bytes + 1) : bytes;
            seen.AddRange(read.Buffer.Slice(0, consumed).ToArray());
            SequencePosition examined = random.Next(2) == 0 ? read.Buffer.End : read.Buffer.GetPosition(consumed);
            pair.Input.AdvanceTo(read.Buffer.GetPosition(consumed), examined);
            isCompleted = read.IsCompleted && consumed == bytes;
        }

        await sending;
        Assert.True(sent.AsSpan().SequenceEqual(seen.ToArray()), "the bytes are those that were sent");
    }

    [Fact]
    public async Task A_packet_longer_than_the_buffer_is_waited_for_whole_and_its_room_is_given_back()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        byte[] packet = new byte[1 << 20];
        Random.Shared.NextBytes(packet);
        Task sending = SendInPiecesAsync(pair.Peer, packet, random: null);
        ReadResult read = await ReadAsync(pair);
        while (read.Buffer.Length < packet.Length)
        {
            pair.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await ReadAsync(pair);
        }

        Assert.True(packet.AsSpan().SequenceEqual(read.Buffer.ToArray()), "the bytes are those that were sent");
        pair.Input.AdvanceTo(read.Buffer.End);
        await sending;
        Assert.True((await ReadAsync(pair)).IsCompleted);
        Assert.True(pair.Input.BufferBytes <= SocketInput.BufferBytesMax, $"it holds {pair.Input.BufferBytes} B");
    }

    [Fact]
    public async Task After_a_burst_a_connection_that_says_little_holds_little()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        byte[] burst = new byte[1 << 20];
        Task sending = pair.Peer.SendAsync(burst, SocketFlags.None);
        for (long left = burst.Length; left > 0;)
        {
            ReadResult read = await ReadAsync(pair);
            left -= read.Buffer.Length;
            pair.Input.AdvanceTo(read.Buffer.End);
        }

        await sending;
        for (int i = 0; i < 10; i++)
        {
            pair.Peer.Send(new byte[4]);
            ReadResult read = await ReadAsync(pair);
            pair.Input.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal(SocketInput.BufferBytesMin, pair.Input.BufferBytes);
    }

    [Fact]
    public async Task What_is_held_back_is_given_again_at_once()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        pair.Peer.Send([1, 2, 3]);
        ReadResult read = await ReadAsync(pair);
        pair.Input.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        ReadResult again = await pair.Input.ReadAsync();
        Assert.Equal([1, 2, 3], again.Buffer.ToArray());
        pair.Input.AdvanceTo(again.Buffer.End);
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing_of_what_is_on_its_way()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        ValueTask<ReadResult> waiting = pair.Input.ReadAsync();
        pair.Input.CancelPendingRead();
        ReadResult cancelled = await waiting.AsTask().WaitAsync(Patience);
        Assert.True(cancelled.IsCanceled);
        Assert.True(cancelled.Buffer.IsEmpty);
        pair.Input.AdvanceTo(cancelled.Buffer.End);

        pair.Peer.Send([7, 8]); // into the receive of the read that was cancelled
        ReadResult read = await ReadAsync(pair);
        Assert.False(read.IsCanceled);
        Assert.Equal([7, 8], read.Buffer.ToArray());
        pair.Input.AdvanceTo(read.Buffer.End);

        pair.Input.CancelPendingRead(); // before anybody waits
        Assert.True((await ReadAsync(pair)).IsCanceled);
    }

    [Fact]
    public async Task A_token_ends_the_wait_and_nothing_else()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        using var patience = new CancellationTokenSource();
        ValueTask<ReadResult> waiting = pair.Input.ReadAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);

        pair.Peer.Send([9]);
        Assert.Equal([9], (await ReadAsync(pair)).Buffer.ToArray());
    }

    [Fact]
    public async Task An_end_comes_behind_the_last_bytes_and_a_reset_is_an_IOException()
    {
        await using (SocketPair pair = await SocketPair.OpenAsync())
        {
            pair.Peer.Send([1]);
            pair.Peer.Shutdown(SocketShutdown.Send);
            ReadResult read = await ReadAsync(pair);
            Assert.Equal(1, read.Buffer.Length);
            pair.Input.AdvanceTo(read.Buffer.End);
            Assert.True((await ReadAsync(pair)).IsCompleted);
        }

        await using SocketPair other = await SocketPair.OpenAsync();
        ValueTask<ReadResult> waiting = other.Input.ReadAsync();
        other.Peer.LingerState = new LingerOption(true, 0);
        other.Peer.Close();
        await Assert.ThrowsAnyAsync<IOException>(async () => await waiting);
    }

    [Fact]
    public async Task An_abort_ends_a_read_that_waits()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        ValueTask<ReadResult> waiting = pair.Input.ReadAsync();
        pair.Connection.Abort();
        await Assert.ThrowsAnyAsync<IOException>(async () => await waiting.AsTask().WaitAsync(Patience));
    }

    private static async Task<ReadResult> ReadAsync(SocketPair pair) =>
        await pair.Input.ReadAsync().AsTask().WaitAsync(Patience);

    private static async Task SendInPiecesAsync(Socket peer, byte[] bytes, Random? random)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            int wanted = random is null ? bytes.Length : random.Next(1, 20_000);
            int piece = Math.Min(wanted, bytes.Length - sent);
            sent += await peer.SendAsync(bytes.AsMemory(sent, piece), SocketFlags.None);
        }

        peer.Shutdown(SocketShutdown.Send);
    }
}
