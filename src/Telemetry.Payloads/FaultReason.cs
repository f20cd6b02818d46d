namespace Telemetry.Payloads;

/// <summary>
/// Every way in which a payload, a line or a sample can be refused; <see cref="FaultReasonText"/> has words.
/// </summary>
public enum FaultReason : byte
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>The payload is neither line protocol nor JSON nor CBOR nor a number or truth value alone.</summary>
    NotRecognised = 1,

    /// <summary>Bytes that are no UTF-8 (RFC 3629).</summary>
    InvalidUtf8 = 2,

    /// <summary>Digits that are no number.</summary>
    InvalidNumber = 3,

    /// <summary>A number beyond the range of a double.</summary>
    NumberOutOfRange = 4,

    /// <summary>A value with the suffix i beyond the range of a signed 64-bit integer.</summary>
    IntegerOutOfRange = 5,

    /// <summary>A value with the suffix u beyond the range of an unsigned 64-bit integer.</summary>
    UnsignedOutOfRange = 6,

    /// <summary>A time that cannot be read.</summary>
    InvalidTime = 7,

    /// <summary>A time outside 1677-09-21 … 2262-04-11.</summary>
    TimeOutOfRange = 8,

    /// <summary>A local time: without Z or an offset it names no instant.</summary>
    TimeWithoutZone = 9,

    /// <summary>More fields in one point than <see cref="Model.Limits.FieldsPerPointMax"/>.</summary>
    TooManyFields = 10,

    /// <summary>Measurement and tags longer than <see cref="Model.Limits.SeriesKeyBytesMax"/>.</summary>
    SeriesTooLong = 11,

    /// <summary>A field name longer than the decoder's ceiling.</summary>
    FieldNameTooLong = 12,

    /// <summary>A field came with another type than it has; the point was refused, the first type stays.</summary>
    FieldTypeDiffers = 13,

    /// <summary>Two values came for one field at one time; one of them is stored.</summary>
    ValuesCollide = 14,

    /// <summary>A value came in a unit that does not convert to its signal's; the value was refused.</summary>
    UnitDiffers = 15,

    /// <summary>Line protocol: the line starts with a comma.</summary>
    MissingMeasurement = 20,

    /// <summary>Line protocol: a tag without a key.</summary>
    MissingTagKey = 21,

    /// <summary>Line protocol: a tag without a value.</summary>
    MissingTagValue = 22,

    /// <summary>Line protocol: an equals sign in a tag value that is not escaped.</summary>
    InvalidTagFormat = 23,

    /// <summary>Line protocol: a tag key twice in one line.</summary>
    DuplicateTags = 24,

    /// <summary>Line protocol: more tags in one line than the decoder's ceiling.</summary>
    TooManyTags = 25,

    /// <summary>Line protocol: a series and no fields.</summary>
    MissingFields = 26,

    /// <summary>Line protocol: a field without a key.</summary>
    MissingFieldKey = 27,

    /// <summary>Line protocol: a field without a value.</summary>
    MissingFieldValue = 28,

    /// <summary>Line protocol: text where a field should be.</summary>
    InvalidFieldFormat = 29,

    /// <summary>Line protocol: a string value without its closing quote.</summary>
    UnbalancedQuotes = 30,

    /// <summary>Line protocol: a value that is no number, string or truth value.</summary>
    InvalidBoolean = 31,

    /// <summary>Line protocol: text after the time.</summary>
    TextAfterTime = 32,

    /// <summary>Line protocol: a control character in a name.</summary>
    InvalidCharacter = 33,

    /// <summary>JSON, CBOR, Sparkplug B: the payload ends inside a value.</summary>
    Truncated = 40,

    /// <summary>JSON: a byte that may not stand here.</summary>
    UnexpectedCharacter = 41,

    /// <summary>JSON: a string with a control character or an unknown escape.</summary>
    InvalidString = 42,

    /// <summary>JSON, CBOR: nested deeper than <see cref="Model.Limits.JsonDepthMax"/>.</summary>
    TooDeep = 43,

    /// <summary>JSON, CBOR: something stands behind the value.</summary>
    TextAfterValue = 44,

    /// <summary>A sample without the name that a mapping asks for; a metric with neither name nor alias.</summary>
    MissingName = 45,

    /// <summary>JSON: the message gave nothing, and a path of the mapping does not stand in it.</summary>
    PathFoundNothing = 46,

    /// <summary>JSON: the message gave nothing, for text stands where the mapping expects a number.</summary>
    TextForNumber = 47,

    /// <summary>JSON: text that a mapping takes for bytes is neither base64 nor hexadecimal digits.</summary>
    BytesNotReadable = 48,

    /// <summary>JSON: a name, tag, time, unit or condition of a mapping that is longer than any should be.</summary>
    TextTooLong = 49,

    /// <summary>CBOR: bytes that RFC 8949 calls not well-formed.</summary>
    MalformedCbor = 50,

    /// <summary>CBOR: a key of a map that is neither text nor a whole number.</summary>
    KeyNotText = 51,

    /// <summary>CBOR: a bignum or bigfloat, which no field can hold.</summary>
    BigNumber = 52,

    /// <summary>SenML: the payload is no array of records.</summary>
    NotSenml = 60,

    /// <summary>SenML: a name that is empty, or has a character that may not stand there.</summary>
    InvalidSenmlName = 61,

    /// <summary>SenML: a record with neither a value nor a sum.</summary>
    MissingValue = 62,

    /// <summary>SenML: a record with more than one value.</summary>
    SeveralValues = 63,

    /// <summary>SenML: a label with text where a number belongs, or the like.</summary>
    LabelOfOtherKind = 64,

    /// <summary>SenML: an unknown label that ends in an underscore, which says that it must be understood.</summary>
    RequiredLabelUnknown = 65,

    /// <summary>SenML: a version above 10, or two versions in one pack.</summary>
    UnsupportedVersion = 66,

    /// <summary>Sparkplug B: bytes that are no protobuf, or a field written as another kind than it is.</summary>
    MalformedProtobuf = 70,

    /// <summary>Sparkplug B: a metric has an alias and no name, and nobody has seen the birth that names it.</summary>
    UnknownAlias = 71,

    /// <summary>Sparkplug B: a whole number without a data type, and nobody has seen the birth that says it.</summary>
    UnknownDatatype = 72,

    /// <summary>Sparkplug B: a value that does not fit its data type.</summary>
    DatatypeDiffers = 73,

    /// <summary>Binary: the payload's length is not that of the layout's records.</summary>
    LengthDiffers = 80,

    /// <summary>Binary: the checksum of a record does not hold.</summary>
    ChecksumDiffers = 81,

    /// <summary>CSV: a line has another number of cells than the mapping names.</summary>
    CellCountDiffers = 90,
}
