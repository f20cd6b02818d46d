using System.Text;
using System.Text.Unicode;
using Telemetry.Model;

namespace Telemetry.Influx;

/// <summary>
/// What is never sent to a server: points that it would lose without a word, refuse, or end on. The rules are those of
/// InfluxDB 1.6.7 and VictoriaMetrics 1.79 as tried, and of InfluxDB 2.x and 3.x as documented; docs/operations/
/// influxdb.md has them with their reasons.
/// </summary>
/// <param name="api">Whose rules.</param>
/// <param name="types">Types that the server has.</param>
/// <param name="retention">How long it keeps points.</param>
/// <param name="listener">Told of what is withheld; null for nobody.</param>
public sealed class WriteFirewall(
    InfluxApi api, ServerFieldTypes types, ServerRetention retention, IWithheldListener? listener = null)
{
    private const long TimeLeast = -9_223_372_036_854_775_806; // InfluxDB's own; the two before it have other meanings
    private const long TimeMost = 9_223_372_036_854_775_806;
    private const int KeyBytesMax = 65_535;
    private static readonly string[] ReservedInV2 = ["_field", "_measurement"];

    /// <summary>Changes when fields must be judged anew.</summary>
    internal int Version => types.Version;

    /// <summary>False for a server that stores 0 in the place of a text.</summary>
    internal bool TakesTexts => api != InfluxApi.VictoriaMetrics;

    /// <summary>
    /// True for a server that knows no unsigned integers: they are sent as integers, as long as they fit.
    /// </summary>
    internal bool WritesUnsignedAsInteger => api == InfluxApi.V1;

    /// <summary>Points before this are older than the server keeps.</summary>
    internal long Oldest => retention.Oldest;

    /// <summary>Why no point of a series can be sent; null when they can.</summary>
    internal string? FaultOf(Series series)
    {
        string? tag = series.Tags.Select(tag => TagFaultOf(tag.Key, tag.Value)).FirstOrDefault(fault => fault != null);
        return series.Measurement.Length == 0 ? "the measurement has no name"
            : series.Measurement.Contains('\\', StringComparison.Ordinal)
                ? "the measurement holds a backslash, which servers read otherwise when it stands before a separator"
            : series.Measurement[0] == '#' ? "the measurement begins with #: servers take its line for a comment"
            : series.Key.Length > KeyBytesMax ? $"the series is longer than {KeyBytesMax} bytes"
            : !Utf8.IsValid(series.Key.Span) ? "a name is not valid UTF-8, which poisons a shard of InfluxDB 1.x"
            : tag;
    }

    /// <summary>Why a field cannot be sent, and as what it counts; null when it can.</summary>
    internal (SetApartReason Reason, string Words)? FaultOf(Field field)
    {
        string? name = field.Name.Length == 0 ? "a field has no name"
            : field.Name.Contains('\\', StringComparison.Ordinal)
                ? "a field key holds a backslash: InfluxDB 1.x ends its process on some such lines"
            : field.Name == "time" ? "a field is called time: InfluxDB drops it without a word"
            : api == InfluxApi.V2 && ReservedInV2.Contains(field.Name)
                ? $"a field is called {field.Name}, which is reserved"
            : Encoding.UTF8.GetByteCount(field.Name) > KeyBytesMax ? $"a field key is longer than {KeyBytesMax} bytes"
            : null;
        if (name is not null)
        {
            return (SetApartReason.Name, name);
        }

        bool isSentAsInteger = WritesUnsignedAsInteger && field.Type == FieldType.Unsigned;
        FieldType sent = isSentAsInteger ? FieldType.Integer : field.Type;
        return types.Find(field.Series.Measurement, field.Name) is { } there && there.Type != sent
            ? (SetApartReason.TypeConflict, there.Words)
            : null;
    }

    /// <summary>Why a value cannot be sent; null when it can.</summary>
    internal string? FaultOf(PointBatch batch, in SampleEntry sample) => sample.Type switch
    {
        FieldType.Float when !double.IsFinite(BitConverter.Int64BitsToDouble(sample.Bits)) =>
            "a value is not a number, and InfluxDB has none such",
        FieldType.Unsigned when WritesUnsignedAsInteger && sample.Bits < 0 =>
            "an unsigned integer is above 9,223,372,036,854,775,807: InfluxDB 1.x has no unsigned integers",
        FieldType.String when !Utf8.IsValid(batch.TextOf(sample)) => "a text is not valid UTF-8",
        _ => null,
    };

    /// <summary>Why a time cannot be sent, and as what it counts; null when it can.</summary>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="oldest">As of <see cref="Oldest"/>.</param>
    internal static (SetApartReason Reason, string Words)? FaultOf(long time, long oldest) =>
        time < oldest ? (SetApartReason.BeyondRetention, "it is older than the server keeps points; not sent")
        : time is < TimeLeast or > TimeMost ? (SetApartReason.Time, "its time is outside of what InfluxDB can hold")
        : null;

    internal void Tell(Series series, long time, SetApartReason reason, string words) =>
        listener?.OnWithheld(series.Key.Span, time, reason, words);

    private string? TagFaultOf(string key, string value) =>
        key.Contains('\\', StringComparison.Ordinal) || value.Contains('\\', StringComparison.Ordinal)
            ? "a tag holds a backslash, which servers read otherwise when it stands before a separator"
        : key == "time" ? "a tag is called time: InfluxDB refuses it"
        : api == InfluxApi.V2 && ReservedInV2.Contains(key) ? $"a tag is called {key}, which is reserved"
        : null;
}
