using System.Text;

namespace Telemetry.Mqtt.Tests.Session;

public sealed class OutgoingQueueTests
{
    private const int IdentifierCount = 65_535;

    [Fact]
    public void Identifiers_go_round_and_none_is_held_twice()
    {
        var queue = new OutgoingQueue();
        var held = new HashSet<ushort>();
        for (int i = 1; i <= IdentifierCount + 100; i++)
        {
            Assert.True(queue.TryAdd(Message($"{i}", offset: i)));
            Assert.True(queue.TryPeek(now: 0, out OutgoingView message));
            Assert.Equal(((i - 1) % IdentifierCount) + 1, message.PacketIdentifier);
            queue.MarkSent();
            Assert.True(held.Add(message.PacketIdentifier));
            if (i > 50)
            {
                ushort oldest = (ushort)(((i - 51) % IdentifierCount) + 1);
                Assert.True(queue.OnAcknowledged(oldest, qos: 1, out long offset));
                Assert.Equal(i - 50, offset);
                held.Remove(oldest);
            }
        }
    }

    [Fact]
    public void While_the_oldest_is_held_no_identifier_is_given_again()
    {
        var queue = new OutgoingQueue();
        int added = 0;
        while (added <= IdentifierCount && queue.TryAdd(Message("x", offset: added + 1)))
        {
            added++;
            queue.TryPeek(now: 0, out OutgoingView message);
            queue.MarkSent();
            if (message.PacketIdentifier != 1)
            {
                queue.OnAcknowledged(message.PacketIdentifier, qos: 1, out _);
            }
        }

        Assert.Equal(IdentifierCount - 1, added);
        Assert.True(queue.OnAcknowledged(1, qos: 1, out _));
        Assert.True(queue.TryAdd(Message("y", offset: 70_000)));
    }

    [Fact]
    public void An_acknowledgement_of_another_QoS_or_out_of_its_turn_changes_nothing()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(Message("1", offset: 1));
        queue.TryAdd(Message("2", offset: 2, qos: 2));
        SendAll(queue);

        Assert.False(queue.OnReceived(1, out _));
        Assert.False(queue.OnCompleted(1, out _));
        Assert.False(queue.OnAcknowledged(2, qos: 1, out _));
        Assert.False(queue.OnCompleted(2, out _));
        Assert.Equal((2, 2), (queue.Count, queue.InFlightCount));

        Assert.True(queue.OnReceived(2, out long offset));
        Assert.Equal(2, offset);
        Assert.True(queue.OnCompleted(2, out _));
        Assert.True(queue.OnAcknowledged(1, qos: 1, out _));
        Assert.Equal((0, 0, 0), (queue.Count, queue.InFlightCount, queue.Bytes));
        Assert.False(queue.OnAcknowledged(1, qos: 1, out _));
    }

    [Fact]
    public void What_waits_expires_and_what_was_sent_does_not()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(Message("sent", offset: 1, expiresAt: 100));
        SendAll(queue);
        queue.TryAdd(Message("late", offset: 2, expiresAt: 100));
        queue.TryAdd(Message("lasts", offset: 3));
        queue.Rewind();

        Assert.Equal(["sent Sent 1", "lasts Waiting 3"], Drain(queue, now: 100));
        Assert.Equal(1, queue.ExpiredCount);
    }

    [Fact]
    public void What_expires_takes_along_those_behind_it_that_are_done()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(Message("late", offset: 1, expiresAt: 100));
        queue.TryAdd(Message("done", offset: 2));
        queue.TryAdd(Message("lasts", offset: 3));
        queue.Replay(2, OutgoingState.Done);

        Assert.Equal(["lasts Waiting 3"], Drain(queue, now: 100));
    }

    [Fact]
    public void What_is_forgotten_takes_along_those_behind_it_that_are_done()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(Message("forgotten", offset: 1, qos: 0));
        queue.TryAdd(Message("done", offset: 2));
        queue.TryAdd(Message("lasts", offset: 3));
        queue.Replay(2, OutgoingState.Done);
        queue.Rewind();

        Assert.Equal(["lasts Waiting 2"], Drain(queue, now: 0));
    }

    [Fact]
    public void What_is_saved_is_loaded_with_state_identifier_and_sequence()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(Message("done", offset: 1));
        queue.TryAdd(Message("sent", offset: 2));
        queue.TryAdd(Message("received", offset: 3, qos: 2));
        SendAll(queue);
        queue.OnAcknowledged(1, qos: 1, out _);
        queue.OnReceived(3, out _);
        queue.TryAdd(Message("waits", offset: 4));
        queue.TryAdd(Message("in no log", offset: 0));
        queue.Pass(qos: 1);

        var loaded = new OutgoingQueue();
        Assert.True(loaded.TryLoad(queue.Save()));
        loaded.TryAdd(Message("next", offset: 5));
        Assert.Equal(
            ["sent Sent 2", "received Received 3", "waits Waiting 4", "next Waiting 7"], Drain(loaded, now: 0));
    }

    [Fact]
    public void A_state_that_is_cut_anywhere_is_refused_or_loaded_in_part_and_never_throws()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(Message("one", offset: 1));
        queue.TryAdd(Message("two", offset: 2));
        byte[] saved = queue.Save();
        for (int cut = 0; cut < saved.Length; cut++)
        {
            var loaded = new OutgoingQueue();
            bool isWhole = loaded.TryLoad(saved.AsSpan(0, cut));
            Assert.True(!isWhole || loaded.Count < 2, $"cut at {cut}");
        }
    }

    [Fact]
    public void A_replay_finishes_by_offset_and_what_may_have_been_sent_is_a_duplicate()
    {
        var queue = new OutgoingQueue();
        for (int i = 1; i <= 4; i++)
        {
            queue.TryAdd(Message($"{i}", offset: i * 10, qos: 2));
        }

        queue.Replay(20, OutgoingState.Received);
        queue.Replay(10, OutgoingState.Done);
        queue.Replay(99, OutgoingState.Done);
        queue.AssumeSent(count: 2);
        Assert.Equal(["2 Received 2", "3 Sent 3", "4 Waiting 4"], Drain(queue, now: 0));
    }

    private static OutgoingView Message(string payload, long offset, byte qos = 1, long expiresAt = 0) => new()
    {
        Offset = offset,
        ExpiresAt = expiresAt,
        Qos = qos,
        Topic = "t"u8,
        Payload = Encoding.UTF8.GetBytes(payload),
    };

    private static void SendAll(OutgoingQueue queue)
    {
        while (queue.TryPeek(now: 0, out _))
        {
            queue.MarkSent();
        }
    }

    private static List<string> Drain(OutgoingQueue queue, long now)
    {
        var sent = new List<string>();
        while (queue.TryPeek(now, out OutgoingView message))
        {
            sent.Add($"{Encoding.UTF8.GetString(message.Payload)} {message.State} {message.PacketIdentifier}");
            queue.MarkSent();
        }

        return sent;
    }
}
