using Telemetry.Model;
using Telemetry.Mqtt;

namespace Telemetry.Ingestion.Tests;

public sealed class MessageRecordTests
{
    [Fact]
    public void A_record_gives_back_what_was_written()
    {
        Check("gw-1", "mine/cr-201", "\u0003\0\u0001a", "v=1", qos: 1, retain: true, TimePrecision.Nanoseconds);
        Check("", "t", "", "", qos: 0, retain: false, TimePrecision.Seconds);
        Check("게이트웨이", "уурхай/1", "", "\0\0", qos: 2, retain: false, TimePrecision.Hours);
        Check(new string('c', 65_535), new string('t', 65_535), new string('p', 300), "x", 0, true, default);
    }

    [Fact]
    public void Retained_at_another_broker_is_stale_and_not_retained_here()
    {
        var publish = new PublishView { Topic = "t"u8, Payload = "v=1"u8, Retain = true };
        var body = new byte[MessageRecord.Measure(0, publish)];
        MessageRecord.WriteUpstream(body, default, publish);
        MessageRecord read = MessageRecord.Read(body);
        Assert.Equal((true, false), (read.IsStale, read.Retain));

        MessageRecord.Write(body, default, publish);
        read = MessageRecord.Read(body);
        Assert.Equal((false, true), (read.IsStale, read.Retain));
    }

    [Fact]
    public void A_body_cut_before_its_payload_is_said_to_be_a_bug_at_every_cut()
    {
        byte[] body = Written("gw-1", "a/b", "props", "", 1, false, default);
        for (int length = 0; length < body.Length; length++)
        {
            byte[] cut = body[..length];
            var error = Assert.Throws<InvalidDataException>(() => MessageRecord.Read(cut).Qos);
            Assert.StartsWith("BUG: cannot read message record", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Negative_properties_are_refused()
    {
        byte[] body = Written("gw-1", "a/b", "props", "payload", 1, false, default);
        body[11] = 0x80;
        Assert.Throws<InvalidDataException>(() => MessageRecord.Read(body).Qos);
    }

    private static void Check(
        string client,
        string topic,
        string properties,
        string payload,
        byte qos,
        bool retain,
        TimePrecision precision)
    {
        MessageRecord read = MessageRecord.Read(Written(client, topic, properties, payload, qos, retain, precision));
        Assert.Equal(client, SmallMine.Text(read.Client));
        Assert.Equal(topic, SmallMine.Text(read.Topic));
        Assert.Equal(properties, SmallMine.Text(read.Properties));
        Assert.Equal(payload, SmallMine.Text(read.Payload));
        Assert.Equal((qos, retain, precision), (read.Qos, read.Retain, read.Precision));
    }

    private static byte[] Written(
        string client,
        string topic,
        string properties,
        string payload,
        byte qos,
        bool retain,
        TimePrecision precision)
    {
        var publish = new PublishView
        {
            Topic = SmallMine.Bytes(topic),
            Properties = SmallMine.Bytes(properties),
            Payload = SmallMine.Bytes(payload),
            Qos = qos,
            Retain = retain,
        };
        byte[] sender = SmallMine.Bytes(client);
        var body = new byte[MessageRecord.Measure(sender.Length, publish)];
        MessageRecord.Write(body, sender, publish, precision);
        return body;
    }
}
