using System.Text;

namespace Telemetry.Payloads;

/// <summary>
/// Words for <see cref="FaultReason"/>. Those of line protocol are InfluxDB's own, which its clients know.
/// </summary>
public static class FaultReasonText
{
    /// <summary>The words for a reason, to stand behind a colon.</summary>
    public static string Of(FaultReason reason) => reason switch
    {
        FaultReason.None => "no fault",
        FaultReason.NotRecognised => "neither line protocol nor JSON nor CBOR nor a number or truth value alone",
        FaultReason.InvalidUtf8 => "invalid UTF-8",
        FaultReason.InvalidNumber => "invalid number",
        FaultReason.NumberOutOfRange => "invalid float: value out of range",
        FaultReason.IntegerOutOfRange => "unable to parse integer: value out of range",
        FaultReason.UnsignedOutOfRange => "unable to parse unsigned: value out of range",
        FaultReason.InvalidTime => "bad timestamp",
        FaultReason.TimeOutOfRange => "time outside range -9223372036854775808 - 9223372036854775807 ns",
        FaultReason.TimeWithoutZone => "local time without zone: write Z or an offset behind it",
        FaultReason.TooManyFields => "too many fields in one point",
        FaultReason.SeriesTooLong => "max key length exceeded: more than 65535 bytes of measurement and tags",
        FaultReason.FieldNameTooLong => "field name too long",
        FaultReason.FieldTypeDiffers => "field type differs",
        FaultReason.ValuesCollide => "two values for one field at one time",
        FaultReason.UnitDiffers => "the unit does not fit",
        _ => OfFormat(reason),
    };

    /// <summary>
    /// One refused line as InfluxDB reports it: <c>unable to parse 'cpu': missing fields</c>. Bytes that are no UTF-8
    /// become U+FFFD.
    /// </summary>
    public static string OfLine(ReadOnlySpan<byte> line, FaultReason reason) =>
        $"unable to parse '{Encoding.UTF8.GetString(line)}': {Of(reason)}";

    private static string OfFormat(FaultReason reason) => reason switch
    {
        FaultReason.MissingMeasurement => "missing measurement",
        FaultReason.MissingTagKey => "missing tag key",
        FaultReason.MissingTagValue => "missing tag value",
        FaultReason.InvalidTagFormat => "invalid tag format",
        FaultReason.DuplicateTags => "duplicate tags",
        FaultReason.TooManyTags => "too many tags",
        FaultReason.MissingFields => "missing fields",
        FaultReason.MissingFieldKey => "missing field key",
        FaultReason.MissingFieldValue => "missing field value",
        FaultReason.InvalidFieldFormat => "invalid field format",
        FaultReason.UnbalancedQuotes => "unbalanced quotes",
        FaultReason.InvalidBoolean => "invalid boolean",
        FaultReason.TextAfterTime => "point is invalid",
        FaultReason.InvalidCharacter => "control character in a name",
        FaultReason.Truncated => "the payload ends inside a value",
        FaultReason.UnexpectedCharacter => "unexpected character in JSON",
        FaultReason.InvalidString => "control character or unknown escape in a JSON string",
        FaultReason.TooDeep => "nested too deep",
        FaultReason.TextAfterValue => "something stands behind the value",
        FaultReason.MissingName => "a sample without its name",
        FaultReason.PathFoundNothing => "the mapping does not fit",
        FaultReason.TextForNumber => "text where a number was expected",
        FaultReason.BytesNotReadable => "text that is not the base64 or hexadecimal digits it should be",
        FaultReason.TextTooLong => "a text that a mapping points at is longer than 1024 bytes",
        FaultReason.MalformedCbor => "not well-formed CBOR",
        FaultReason.KeyNotText => "a key of a CBOR map that is neither text nor a whole number",
        FaultReason.BigNumber => "a CBOR bignum or bigfloat: larger than any field",
        FaultReason.NotSenml => "not an array of SenML records",
        FaultReason.InvalidSenmlName => "a SenML name that is empty or has a character that may not stand there",
        FaultReason.MissingValue => "a SenML record with neither a value nor a sum",
        FaultReason.SeveralValues => "a SenML record with more than one value",
        FaultReason.LabelOfOtherKind => "a SenML label with a value of another kind",
        FaultReason.RequiredLabelUnknown => "an unknown SenML label that must be understood",
        FaultReason.MalformedProtobuf => "no protobuf of Sparkplug B",
        FaultReason.UnknownAlias => "unknown alias: its birth has not been seen",
        FaultReason.UnknownDatatype => "a whole number of unknown data type: its birth has not been seen",
        FaultReason.DatatypeDiffers => "a value that does not fit its data type",
        FaultReason.UnsupportedVersion => "a SenML version above 10, or two in one pack",
        FaultReason.LengthDiffers => "the payload's length is not that of the layout's records",
        FaultReason.ChecksumDiffers => "the checksum of the record does not hold",
        FaultReason.CellCountDiffers => "the line has another number of cells than the mapping names",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "no such reason"),
    };
}
