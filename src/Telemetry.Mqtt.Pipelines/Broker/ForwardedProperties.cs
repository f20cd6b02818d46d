namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The properties of a message as subscribers get them: without those that belong to one hop (topic alias,
/// subscription identifier, will delay). It owns one scratch array; the broker uses it under its lock.
/// </summary>
internal sealed class ForwardedProperties
{
    private const int ExpiryBytes = 5; // identifier(1) seconds(4): its place is kept free in front of the others

    private byte[] _scratch = new byte[256];
    private int _endOffset = ExpiryBytes;

    /// <summary>The message expiry interval in seconds; 0 when there is none.</summary>
    public uint ExpirySeconds { get; private set; }

    /// <summary>All but the message expiry interval.</summary>
    public ReadOnlySpan<byte> WithoutExpiry => _scratch.AsSpan(ExpiryBytes, _endOffset - ExpiryBytes);

    /// <summary>All of them.</summary>
    public ReadOnlySpan<byte> All => _scratch.AsSpan(ExpirySeconds > 0 ? 0 : ExpiryBytes).Slice(
        0, _endOffset - (ExpirySeconds > 0 ? 0 : ExpiryBytes));

    /// <summary>Takes over the properties of the message in hand.</summary>
    public void Load(ReadOnlySpan<byte> properties)
    {
        ExpirySeconds = 0;
        _endOffset = ExpiryBytes;
        if (properties.IsEmpty)
        {
            return;
        }

        if (_scratch.Length < ExpiryBytes + properties.Length)
        {
            _scratch = new byte[ExpiryBytes + (properties.Length * 2)];
        }

        Copy(properties);
    }

    private void Copy(ReadOnlySpan<byte> properties)
    {
        var writer = new PropertyWriter(_scratch.AsSpan(ExpiryBytes));
        var reader = new PropertyReader(properties);
        while (reader.TryRead(out PropertyView property))
        {
            switch (property.Id)
            {
                case PropertyId.MessageExpiryInterval:
                    ExpirySeconds = Math.Max(1, property.Number); // delivered at once, so 0 has not passed yet
                    break;
                case PropertyId.PayloadFormatIndicator:
                    writer.WriteNumber(property.Id, property.Number);
                    break;
                case PropertyId.UserProperty:
                    writer.WriteUser(property.Name, property.Value);
                    break;
                case PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.CorrelationData:
                    writer.WriteBytes(property.Id, property.Value);
                    break;
                default:
                    break; // belongs to the hop it came over
            }
        }

        _endOffset = ExpiryBytes + writer.Written.Length;
        if (ExpirySeconds > 0)
        {
            var front = new PropertyWriter(_scratch.AsSpan(0, ExpiryBytes));
            front.WriteNumber(PropertyId.MessageExpiryInterval, ExpirySeconds);
        }
    }
}
