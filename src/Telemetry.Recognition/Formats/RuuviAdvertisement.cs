using Telemetry.Model;

namespace Telemetry.Recognition;

/// <summary>
/// A RuuviTag's Bluetooth advertisement in data format 5: three bytes of flags, four of the maker's record, then the
/// values.
/// </summary>
internal static class RuuviAdvertisement
{
    private const int Bytes = 31;

    private static readonly BinaryLayout Layout = new()
    {
        RecordBytes = Bytes,
        Fields =
        [
            Field("temperature", 8, BinaryType.I16, 0.005, 0, short.MinValue), // Cel
            Field("humidity", 10, BinaryType.U16, 0.0025, 0, ushort.MaxValue), // %
            Field("pressure", 12, BinaryType.U16, 1, 50_000, ushort.MaxValue), // Pa
            Field("movements", 22, BinaryType.U8, 1, 0, byte.MaxValue),
        ],
    };

    /// <summary>A mapping that reads it where it stands as hexadecimal digits.</summary>
    public static JsonMapping In(string key, string time) => new()
    {
        Time = time,
        Precision = TimePrecision.Seconds,
        Bytes = key,
        IsHex = true,
        Layout = Layout,
    };

    private static BinaryField Field(
        string name, int at, BinaryType type, double scale, double offset, double invalid) => new()
        {
            Name = name,
            Place = new BinaryPlace(at, type, IsLittleEndian: false, IsWordSwapped: false),
            Scale = scale,
            Offset = offset,
            Invalid = invalid,
        };
}
