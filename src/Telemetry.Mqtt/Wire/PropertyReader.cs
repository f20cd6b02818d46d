using Telemetry.Buffers;

namespace Telemetry.Mqtt;

/// <summary>
/// Walks the properties of a packet (MQTT 5 §2.2.2): <c>*( id value )</c>, without their length in front. The views
/// have checked theirs once with <see cref="Check"/>, so a walk over them only ends at the end.
/// </summary>
public ref struct PropertyReader
{
    private ByteReader _reader;

    /// <summary>Starts at the first of <paramref name="properties"/>.</summary>
    public PropertyReader(ReadOnlySpan<byte> properties) => _reader = new ByteReader(properties);

    /// <summary>Why the walk ended before the end; <see cref="MalformedReason.None"/> otherwise.</summary>
    public MalformedReason Reason { get; private set; }

    /// <summary>Reads the next property.</summary>
    /// <returns>False at the end, and at a property that cannot be parsed (see <see cref="Reason"/>).</returns>
    public bool TryRead(out PropertyView property)
    {
        property = default;
        if (_reader.IsAtEnd)
        {
            return false;
        }

        // The identifier is a variable byte integer, but none that exists needs a second byte.
        int id = _reader.ReadVariableByteInteger();
        PropertyKind kind = PropertyRules.KindOf(id);
        if (_reader.Failed || kind == PropertyKind.Unknown)
        {
            Reason = MalformedReason.PropertyUnknown;
            return false;
        }

        property = ReadValue((PropertyId)id, kind);
        if (_reader.Failed)
        {
            Reason = MalformedReason.PropertyLengthMalformed;
        }
        else if (kind is PropertyKind.Text or PropertyKind.TextPair
            && !(Utf8Text.IsValid(property.Value) && Utf8Text.IsValid(property.Name)))
        {
            Reason = MalformedReason.TextNotUtf8;
        }

        return Reason == MalformedReason.None;
    }

    /// <summary>The number of the first property <paramref name="id"/>, or what to take when there is none.</summary>
    public static uint FindNumber(ReadOnlySpan<byte> properties, PropertyId id, uint otherwise) =>
        TryFind(properties, id, out PropertyView property) ? property.Number : otherwise;

    /// <summary>Looks for the first property <paramref name="id"/>.</summary>
    public static bool TryFind(ReadOnlySpan<byte> properties, PropertyId id, out PropertyView property)
    {
        var reader = new PropertyReader(properties);
        while (reader.TryRead(out property))
        {
            if (property.Id == id)
            {
                return true;
            }
        }

        property = default;
        return false;
    }

    /// <summary>Checks all properties of a packet: form, place, repetition and range.</summary>
    internal static MalformedReason Check(ReadOnlySpan<byte> properties, PacketType type)
    {
        ulong seen = 0; // one bit per identifier; the highest is 42
        var reader = new PropertyReader(properties);
        while (reader.TryRead(out PropertyView property))
        {
            ulong bit = 1UL << (int)property.Id;
            MalformedReason reason = CheckOne(property, type, isRepeated: (seen & bit) != 0);
            if (reason != MalformedReason.None)
            {
                return reason;
            }

            seen |= bit;
        }

        // CONNACK has no such rule (§3.2.2.3.18), and needs none: who offers no method gets no data to use.
        const ulong Method = 1UL << (int)PropertyId.AuthenticationMethod;
        const ulong Content = 1UL << (int)PropertyId.AuthenticationData;
        bool isMethodMissing = (seen & (Method | Content)) == Content && type != PacketType.ConnAck;
        if (reader.Reason == MalformedReason.None && isMethodMissing)
        {
            return MalformedReason.AuthenticationMethodMissing;
        }

        return reader.Reason;
    }

    private static MalformedReason CheckOne(in PropertyView property, PacketType type, bool isRepeated)
    {
        if (!PropertyRules.IsAllowedIn(property.Id, type))
        {
            return MalformedReason.PropertyNotAllowed;
        }

        if (isRepeated && !PropertyRules.MayRepeat(property.Id, type))
        {
            return MalformedReason.PropertyDuplicate;
        }

        if (property.Id == PropertyId.ResponseTopic && !TopicName.IsValid(property.Value))
        {
            return MalformedReason.TopicNameMalformed; // [MQTT-3.3.2-14]
        }

        if (PropertyRules.IsInRange(property.Id, property.Number)
            || PropertyRules.KindOf((int)property.Id) >= PropertyKind.Text)
        {
            return MalformedReason.None;
        }

        return property.Id == PropertyId.TopicAlias
            ? MalformedReason.TopicAliasZero
            : MalformedReason.PropertyValueOutOfRange;
    }

    private PropertyView ReadValue(PropertyId id, PropertyKind kind) => kind switch
    {
        PropertyKind.Byte => new PropertyView { Id = id, Number = _reader.ReadByte() },
        PropertyKind.TwoByte => new PropertyView { Id = id, Number = _reader.ReadUInt16() },
        PropertyKind.FourByte => new PropertyView { Id = id, Number = _reader.ReadUInt32() },
        PropertyKind.Variable => new PropertyView { Id = id, Number = (uint)_reader.ReadVariableByteInteger() },
        PropertyKind.TextPair => new PropertyView
        {
            Id = id,
            Name = _reader.ReadPrefixed(),
            Value = _reader.ReadPrefixed(),
        },
        _ => new PropertyView { Id = id, Value = _reader.ReadPrefixed() },
    };
}
