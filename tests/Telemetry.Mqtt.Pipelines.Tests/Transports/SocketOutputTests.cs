using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Telemetry.Mqtt.Pipelines.Transports;

public sealed class SocketOutputTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_is_written_in_pieces_is_sent_by_one_flush()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        pair.Output.Write("\u0040\u0002"u8);
        pair.Output.Write("ab"u8);
        Assert.Equal(4, pair.Output.UnflushedBytes);
        Assert.False((await pair.Output.FlushAsync()).IsCompleted);
        Assert.Equal(0, pair.Output.UnflushedBytes);
        byte[] seen = new byte[16];
        Assert.Equal(4, await pair.Peer.ReceiveAsync(seen, SocketFlags.None));
        Assert.Equal("@\u0002ab"u8.ToArray(), seen[..4]);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_waited_for_and_gets_every_byte()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        byte[] sent = new byte[20 << 20]; // more than the buffers of both sockets
        Random.Shared.NextBytes(sent);
        pair.Output.Write(sent);
        Task<FlushResult> flushing = pair.Output.FlushAsync().AsTask();
        Assert.False(flushing.IsCompleted);

        byte[] seen = new byte[sent.Length];
        for (int at = 0; at < seen.Length;)
        {
            at += await pair.Peer.ReceiveAsync(seen.AsMemory(at), SocketFlags.None).AsTask().WaitAsync(Patience);
        }

        Assert.False((await flushing.WaitAsync(Patience)).IsCompleted);
        Assert.True(sent.AsSpan().SequenceEqual(seen), "the bytes are those that were written");
    }

    [Fact]
    public async Task An_abort_ends_a_flush_that_waits_and_later_ones_at_once()
    {
        await using SocketPair pair = await SocketPair.OpenAsync();
        pair.Output.Write(new byte[20 << 20]);
        Task<FlushResult> flushing = pair.Output.FlushAsync().AsTask();
        Assert.False(flushing.IsCompleted);
        pair.Connection.Abort();
        Assert.True((await flushing.WaitAsync(Patience)).IsCompleted);
        pair.Output.Write("x"u8);
        Assert.True((await pair.Output.FlushAsync()).IsCompleted);
    }
}
