namespace Telemetry.Mqtt.Tests.Wire;

public sealed class PropertyTests
{
    [Fact]
    public void What_is_written_is_found_again()
    {
        Span<byte> bytes = stackalloc byte[64];
        var writer = new PropertyWriter(bytes);
        writer.WriteNumber(PropertyId.ReceiveMaximum, 20);
        writer.WriteNumber(PropertyId.MaximumPacketSize, 0x0010_0000);
        writer.WriteNumber(PropertyId.SubscriptionIdentifier, 128);
        writer.WriteBytes(PropertyId.ReasonString, "why"u8);
        writer.WriteUser("k"u8, "v"u8);

        Assert.Equal(20u, PropertyReader.FindNumber(writer.Written, PropertyId.ReceiveMaximum, 65_535));
        Assert.Equal(0x0010_0000u, PropertyReader.FindNumber(writer.Written, PropertyId.MaximumPacketSize, 0));
        Assert.Equal(128u, PropertyReader.FindNumber(writer.Written, PropertyId.SubscriptionIdentifier, 0));
        Assert.Equal(7u, PropertyReader.FindNumber(writer.Written, PropertyId.TopicAlias, 7));
        Assert.True(PropertyReader.TryFind(writer.Written, PropertyId.ReasonString, out PropertyView reason));
        Assert.True(reason.Value.SequenceEqual("why"u8));
        Assert.True(PropertyReader.TryFind(writer.Written, PropertyId.UserProperty, out PropertyView user));
        Assert.True(user.Name.SequenceEqual("k"u8) && user.Value.SequenceEqual("v"u8));
        Assert.Equal(
            3 + 5 + 3 + PropertyWriter.Measure(3) + PropertyWriter.MeasureUser(1, 1), writer.Written.Length);
    }

    [Fact]
    public void A_value_that_the_property_cannot_have_is_the_callers_fault()
    {
        Assert.Throws<ArgumentException>(() => WriteNumber(PropertyId.ReceiveMaximum, 0));
        Assert.Throws<ArgumentException>(() => WriteNumber(PropertyId.MaximumQos, 2));
        Assert.Throws<ArgumentException>(() => WriteNumber(PropertyId.ReasonString, 1));
    }

    [Fact]
    public void Only_user_properties_and_the_identifiers_of_PUBLISH_may_repeat()
    {
        foreach (PropertyId id in Enum.GetValues<PropertyId>())
        {
            Assert.Equal(
                id is PropertyId.UserProperty or PropertyId.SubscriptionIdentifier,
                PropertyRules.MayRepeat(id, PacketType.Publish));
            Assert.Equal(id is PropertyId.UserProperty, PropertyRules.MayRepeat(id, PacketType.Subscribe));
        }
    }

    [Fact]
    public void Every_property_has_a_form_and_a_place()
    {
        foreach (PropertyId id in Enum.GetValues<PropertyId>())
        {
            Assert.NotEqual(PropertyKind.Unknown, PropertyRules.KindOf((int)id));
            Assert.Contains(Enum.GetValues<PacketType>(), type => PropertyRules.IsAllowedIn(id, type));
            Assert.False(PropertyRules.IsAllowedIn(id, PacketType.PingReq));
        }
    }

    private static void WriteNumber(PropertyId id, uint value) =>
        new PropertyWriter(new byte[8]).WriteNumber(id, value);
}
