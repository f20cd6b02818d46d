using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Telemetry.Benchmarks.Inputs;

/// <summary>
/// Texts as sensors and gateways send them: seeded, so that two runs read the same bytes, and all different, so that
/// no branch predictor learns them by heart.
/// </summary>
internal sealed class SensorText
{
    private const long FirstTime = 1_767_225_600_000_000_000; // 2026-01-01 in nanoseconds
    private const int AssetCount = 200;

    private static readonly string[] Areas = ["crushing", "milling", "flotation", "filtration"];

    private readonly Random _random = new(20260101);
    private long _time = FirstTime;

    /// <summary>A measured value with two to five decimals, as most instruments give it.</summary>
    public string Value()
    {
        double value = (_random.NextDouble() * Math.Pow(10, _random.Next(1, 5))) - 5;
        return value.ToString("F" + _random.Next(2, 6), CultureInfo.InvariantCulture);
    }

    /// <summary>A value with all the digits a double needs, as programs print what they calculated.</summary>
    public string FullValue() => (_random.NextDouble() * 1000).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A time in nanoseconds, later than the one before.</summary>
    public long Time() => _time += _random.Next(1, 1_000_000_000);

    /// <summary>One line: three tags, four floats, a time.</summary>
    public string Line()
    {
        int asset = _random.Next(AssetCount);
        string tags = $"area={Areas[asset % Areas.Length]},asset=CR-{asset:D3},gateway=gw{asset % 16:D2}";
        string fields = $"de_temp={Value()},motor_current={Value()},nde_temp={Value()},vibration_rms={Value()}";
        return $"bearing,{tags} {fields} {Time()}";
    }

    /// <summary>A payload of lines, each with its line end.</summary>
    public byte[] Lines(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(Line()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A flat JSON object: a time in milliseconds and six values.</summary>
    public byte[] Json()
    {
        string members = $"\"de_temp\":{Value()},\"nde_temp\":{Value()},\"motor_current\":{Value()},"
            + $"\"vibration_rms\":{Value()},\"belt_speed\":{Value()},\"feed_rate\":{Value()}";
        return Encoding.UTF8.GetBytes($"{{\"ts\":{Time() / 1_000_000},{members}}}");
    }

    /// <summary>What <see cref="Json"/> says, as CBOR: a map with an integer and six doubles.</summary>
    public byte[] Cbor()
    {
        string[] keys = ["de_temp", "nde_temp", "motor_current", "vibration_rms", "belt_speed", "feed_rate"];
        List<byte> payload = [0xA7, 0x62, .. "ts"u8, 0x1B];
        int timePlace = payload.Count;
        foreach (string key in keys)
        {
            double value = double.Parse(Value(), CultureInfo.InvariantCulture);
            byte[] bits = new byte[sizeof(double)];
            BinaryPrimitives.WriteDoubleBigEndian(bits, value);
            payload.AddRange([(byte)(0x60 + key.Length), .. Encoding.ASCII.GetBytes(key), 0xFB, .. bits]);
        }

        byte[] time = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, Time() / 1_000_000);
        payload.InsertRange(timePlace, time);
        return [.. payload];
    }

    /// <summary>A pack in JSON: a base name, a base time and six values.</summary>
    public byte[] Senml()
    {
        string records = $"\"n\":\"de_temp\",\"v\":{Value()}}},{{\"n\":\"nde_temp\",\"v\":{Value()}}},"
            + $"{{\"n\":\"motor_current\",\"v\":{Value()}}},{{\"n\":\"vibration_rms\",\"v\":{Value()}}},"
            + $"{{\"n\":\"belt_speed\",\"v\":{Value()}}},{{\"n\":\"feed_rate\",\"v\":{Value()}}}";
        string start = $"\"bn\":\"CR-{Below(AssetCount):D3}/\",\"bt\":{Time() / 1_000_000_000}";
        return Encoding.UTF8.GetBytes($"[{{{start},{records}]");
    }

    /// <summary>An identifier from 0 to just below <paramref name="limit"/>.</summary>
    public int Below(int limit) => _random.Next(limit);
}
