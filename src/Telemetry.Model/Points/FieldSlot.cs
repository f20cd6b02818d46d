namespace Telemetry.Model;

/// <summary>How a payload wrote a value that a decoder gives as a number.</summary>
public enum WrittenAs : byte
{
    /// <summary>As its type is written.</summary>
    Itself = 0,

    /// <summary>
    /// A number in quotes where the payload may mean text: kept only by a field that is known to be a number, otherwise
    /// it is no value.
    /// </summary>
    NumberInText = 1,

    /// <summary>Words where a number was expected: refused by name; the slot has no value.</summary>
    Words = 2,

    /// <summary>
    /// As bytes, a table or the like, which no field can hold: refused by name; the slot has no value.
    /// </summary>
    Unsupported = 3,
}

/// <summary>
/// One field of a <see cref="PointView"/>: where its key and text stand in <see cref="PointView.Text"/>, and its value.
/// </summary>
public struct FieldSlot
{
    /// <summary>Where the key starts in <see cref="PointView.Text"/>.</summary>
    public int KeyStart;

    /// <summary>Length of the key in bytes, escapes included.</summary>
    public int KeyBytes;

    /// <summary>Where a string value starts in <see cref="PointView.Text"/>; 0 for other types.</summary>
    public int ValueStart;

    /// <summary>Length of a string value in bytes, escapes included; 0 for other types.</summary>
    public int ValueBytes;

    /// <summary>Where the unit that came with the value starts in <see cref="PointView.Text"/>.</summary>
    public int UnitStart;

    /// <summary>Length of the unit in bytes; 0 when none came.</summary>
    public int UnitBytes;

    /// <summary>
    /// The value of every type but string: the bits of a float, the integer itself, 0 or 1 for a boolean.
    /// </summary>
    public long Bits;

    /// <summary>The value's type.</summary>
    public FieldType Type;

    /// <summary>Quality as an OPC byte; see <see cref="Model.Quality"/>.</summary>
    public byte Quality;

    /// <summary>How the value was written.</summary>
    public WrittenAs Written;

    /// <summary>The key holds line-protocol escapes (<c>\,</c> <c>\=</c> <c>\ </c>).</summary>
    public bool KeyIsEscaped;

    /// <summary>
    /// The key is <see cref="KnownSeries.UsualKey"/> of the field's place in the point; only with
    /// <see cref="PointView.Known"/>.
    /// </summary>
    public bool HasUsualKey;

    /// <summary>The string value holds line-protocol escapes (<c>\"</c> <c>\\</c>).</summary>
    public bool ValueIsEscaped;
}
