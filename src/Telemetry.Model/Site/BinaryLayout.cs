namespace Telemetry.Model;

/// <summary>
/// Where the values of a fixed-layout binary payload stand: one record of a fixed length, or several in a row.
/// </summary>
public sealed record BinaryLayout
{
    /// <summary>Bytes of one record, its checksum among them.</summary>
    public required int RecordBytes { get; init; }

    /// <summary>Whether a payload may hold more than one record.</summary>
    public bool Repeats { get; init; }

    /// <summary>What the last bytes of a record check.</summary>
    public BinaryChecksum Checksum { get; init; }

    /// <summary>Bytes of the checksum.</summary>
    public int ChecksumBytes => Checksum switch
    {
        BinaryChecksum.None => 0,
        BinaryChecksum.Sum8 or BinaryChecksum.Xor8 => 1,
        BinaryChecksum.Crc16Modbus or BinaryChecksum.Crc16Ccitt => 2,
        _ => 4,
    };

    /// <summary>Where the time stands, as a number of units since 1970; null for none.</summary>
    public BinaryPlace? Time { get; init; }

    /// <summary>Unit of the time.</summary>
    public TimePrecision Precision { get; init; } = TimePrecision.Seconds;

    /// <summary>The fields, at least one.</summary>
    public required IReadOnlyList<BinaryField> Fields { get; init; }
}

/// <summary>One field: value = raw × <see cref="Scale"/> + <see cref="Offset"/>.</summary>
public sealed record BinaryField
{
    /// <summary>The field's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where and how its number stands.</summary>
    public required BinaryPlace Place { get; init; }

    /// <summary>What one raw unit is worth, the ratio of a current or voltage transformer included.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What is added to the scaled value.</summary>
    public double Offset { get; init; }

    /// <summary>The bit that is the field, a truth value, counted from the lowest; null for the whole number.</summary>
    public int? Bit { get; init; }

    /// <summary>The raw number that stands for no reading; null for none.</summary>
    public double? Invalid { get; init; }
}

/// <summary>A number in a record.</summary>
/// <param name="At">Bytes before it.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsLittleEndian">Whether the lowest byte comes first.</param>
/// <param name="IsWordSwapped">
/// Whether the 16-bit words then stand the other way round, as many Modbus devices send two and four registers.
/// </param>
public readonly record struct BinaryPlace(int At, BinaryType Type, bool IsLittleEndian, bool IsWordSwapped)
{
    /// <summary>Bytes of the number.</summary>
    public int Bytes => Type switch
    {
        BinaryType.U8 or BinaryType.I8 => 1,
        BinaryType.U16 or BinaryType.I16 => 2,
        BinaryType.U24 or BinaryType.I24 => 3,
        BinaryType.U32 or BinaryType.I32 or BinaryType.F32 => 4,
        _ => 8,
    };
}

/// <summary>Types of numbers in binary payloads.</summary>
public enum BinaryType
{
    /// <summary>Unsigned, 8 bits.</summary>
    U8,

    /// <summary>Two's complement, 8 bits.</summary>
    I8,

    /// <summary>Unsigned, 16 bits.</summary>
    U16,

    /// <summary>Two's complement, 16 bits.</summary>
    I16,

    /// <summary>Unsigned, 24 bits.</summary>
    U24,

    /// <summary>Two's complement, 24 bits.</summary>
    I24,

    /// <summary>Unsigned, 32 bits.</summary>
    U32,

    /// <summary>Two's complement, 32 bits.</summary>
    I32,

    /// <summary>Unsigned, 64 bits.</summary>
    U64,

    /// <summary>Two's complement, 64 bits.</summary>
    I64,

    /// <summary>IEEE 754, 32 bits.</summary>
    F32,

    /// <summary>IEEE 754, 64 bits.</summary>
    F64,
}

/// <summary>Checksums over all bytes of a record before them.</summary>
public enum BinaryChecksum
{
    /// <summary>None.</summary>
    None,

    /// <summary>The sum of the bytes, 8 bits.</summary>
    Sum8,

    /// <summary>The exclusive or of the bytes, 8 bits.</summary>
    Xor8,

    /// <summary>CRC-16/MODBUS, low byte first (Modbus over serial line 1.02 §2.5.1.2).</summary>
    Crc16Modbus,

    /// <summary>CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF), high byte first.</summary>
    Crc16Ccitt,

    /// <summary>CRC-32 of ISO-HDLC and Ethernet, low byte first.</summary>
    Crc32,
}
