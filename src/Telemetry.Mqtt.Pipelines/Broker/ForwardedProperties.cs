namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// The properties of a message that travel to its subscribers: without those that belong to one hop (topic alias,
/// subscription identifier, will delay), and without the expiry, which each delivery states anew. It owns one scratch
/// array; the broker uses it under its lock.
/// </summary>
internal sealed class ForwardedProperties
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private byte[] _scratch = new byte[256];
    private int _bytes;
    private long _lifetime; // nanoseconds; −1: for ever

    /// <summary>What travels with the message.</summary>
    public ReadOnlySpan<byte> WithoutExpiry => _scratch.AsSpan(0, _bytes);

    /// <summary>When the message is of no use any more; 0 for never.</summary>
    /// <param name="arrivalTime">When it was received, nanoseconds since 1970.</param>
    public long ExpiresAt(long arrivalTime) =>
        _lifetime < 0 ? 0 : Math.Max(1, arrivalTime + _lifetime);

    /// <summary>Takes over the properties of the message in hand.</summary>
    public void Load(ReadOnlySpan<byte> properties)
    {
        _lifetime = -1;
        _bytes = 0;
        if (properties.IsEmpty)
        {
            return;
        }

        if (_scratch.Length < properties.Length)
        {
            _scratch = new byte[properties.Length * 2];
        }

        Copy(properties);
    }

    private void Copy(ReadOnlySpan<byte> properties)
    {
        var writer = new PropertyWriter(_scratch);
        var reader = new PropertyReader(properties);
        while (reader.TryRead(out PropertyView property))
        {
            switch (property.Id)
            {
                case PropertyId.MessageExpiryInterval:
                    _lifetime = Math.Max(1, property.Number) * NanosecondsPerSecond; // 0 is not over when it comes
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

        _bytes = writer.Written.Length;
    }
}
