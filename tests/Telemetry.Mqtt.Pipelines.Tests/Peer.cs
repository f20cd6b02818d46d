using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>A scripted client: it writes what the test says and hands out what comes back, packet by packet.</summary>
internal sealed class Peer(IDuplexPipe pipe, Task served, ProtocolLevel level)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // only a failing test waits for it

    /// <summary>Completes when the server is done with the connection.</summary>
    public Task Served => served;

    public ProtocolLevel Level => level;

    public PipeWriter Output => pipe.Output;

    public PipeReader Input => pipe.Input;

    public async Task SendAsync(params byte[][] packets)
    {
        foreach (byte[] packet in packets)
        {
            pipe.Output.Write(packet);
        }

        await pipe.Output.FlushAsync();
    }

    /// <summary>Sends CONNECT and expects to be taken in.</summary>
    public async Task<Peer> ConnectAsync(byte[] connect)
    {
        await SendAsync(connect);
        Assert.Equal("20", (await ReadAsync())[..2]);
        return this;
    }

    /// <summary>The next packet as hex, or "end".</summary>
    public async Task<string> ReadAsync()
    {
        while (true)
        {
            ReadResult read = await pipe.Input.ReadAsync().AsTask().WaitAsync(Patience);
            byte[] bytes = read.Buffer.ToArray();
            ReadStatus status = PacketFramer.TryRead(bytes, 1 << 24, out _, out int consumed, out _);
            if (status == ReadStatus.Complete)
            {
                pipe.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
                return Convert.ToHexString(bytes, 0, consumed);
            }

            pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return "end";
            }
        }
    }

    /// <summary>Expects these packets, in this order.</summary>
    public async Task ExpectAsync(params string[] packets)
    {
        foreach (string expected in packets)
        {
            Assert.Equal(expected, await ReadAsync());
        }
    }

    /// <summary>Sends PINGREQ and expects PINGRESP next: all before it has been taken, and nothing was sent.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync([0xC0, 0x00]);
        await ExpectAsync("D000");
    }

    /// <summary>Closes the sending side and waits until the server is done.</summary>
    public async Task CloseAsync()
    {
        await pipe.Output.CompleteAsync();
        await Served.WaitAsync(Patience);
    }

    public byte[] Publish(
        string topic, string payload, int id = 0, bool retain = false, byte[]? properties = null, int qos = 1)
    {
        var publish = new PublishView
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
            Properties = properties,
            PacketIdentifier = (ushort)id,
            Qos = (byte)(id == 0 ? 0 : qos),
            Retain = retain,
        };
        byte[] packet = new byte[publish.Measure(level)];
        publish.Write(packet, level);
        return packet;
    }

    public byte[] Subscribe(
        int id,
        string filter,
        int qos = 1,
        bool noLocal = false,
        bool asPublished = false,
        RetainHandling handling = RetainHandling.Send,
        uint identifier = 0)
    {
        var entry = new SubscriptionEntry
        {
            Filter = Encoding.UTF8.GetBytes(filter),
            Qos = (byte)qos,
            NoLocal = noLocal,
            RetainAsPublished = asPublished,
            RetainHandling = handling,
        };
        byte[] entries = new byte[entry.Measure()];
        entry.Write(entries);
        var subscribe = new SubscribeView
        {
            PacketIdentifier = (ushort)id,
            Properties = identifier == 0 ? default : Number(PropertyId.SubscriptionIdentifier, identifier),
            Entries = entries,
        };
        byte[] packet = new byte[subscribe.Measure(level)];
        subscribe.Write(packet, level);
        return packet;
    }

    public byte[] Unsubscribe(int id, string filter)
    {
        byte[] name = Encoding.UTF8.GetBytes(filter);
        byte[] filters = [(byte)(name.Length >> 8), (byte)name.Length, .. name];
        var unsubscribe = new UnsubscribeView { PacketIdentifier = (ushort)id, Filters = filters };
        byte[] packet = new byte[unsubscribe.Measure(level)];
        unsubscribe.Write(packet, level);
        return packet;
    }

    public byte[] ConnectPacket(
        string client,
        ushort keepAlive = 0,
        bool cleanStart = true,
        string? will = null,
        string? password = null,
        byte[]? properties = null,
        byte[]? willProperties = null)
    {
        var connect = new ConnectView
        {
            Level = level,
            CleanStart = cleanStart,
            KeepAliveSeconds = keepAlive,
            ClientIdentifier = Encoding.UTF8.GetBytes(client),
            Properties = properties,
            HasWill = will is not null,
            WillTopic = Encoding.UTF8.GetBytes(will ?? string.Empty),
            WillPayload = "gone"u8,
            WillProperties = willProperties,
            HasUserName = password is not null,
            UserName = "user"u8,
            HasPassword = password is not null,
            Password = Encoding.UTF8.GetBytes(password ?? string.Empty),
        };
        byte[] packet = new byte[connect.Measure()];
        connect.Write(packet);
        return packet;
    }

    public static byte[] Number(PropertyId id, uint value)
    {
        var writer = new PropertyWriter(new byte[8]);
        writer.WriteNumber(id, value);
        return writer.Written.ToArray();
    }
}
