using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>What a <see cref="Value"/> holds.</summary>
internal enum ValueKind : byte
{
    None,
    Float,
    Integer,
    Unsigned,
    Boolean,
    Text,
}

/// <summary>One value of a row, without a box around it.</summary>
internal readonly record struct Value(ValueKind Kind, long Bits, string? Text)
{
    public static Value None => default;

    public static Value True { get; } = Of(true);

    public static Value False { get; } = Of(false);

    public bool IsNone => Kind == ValueKind.None;

    public bool IsNumber => Kind is ValueKind.Float or ValueKind.Integer or ValueKind.Unsigned;

    public bool IsTrue => Kind == ValueKind.Boolean && Bits != 0;

    /// <summary>The value of a number as a float.</summary>
    public double AsFloat => Kind switch
    {
        ValueKind.Float => BitConverter.Int64BitsToDouble(Bits),
        ValueKind.Unsigned => unchecked((ulong)Bits),
        _ => Bits,
    };

    public static Value Of(double value) => new(ValueKind.Float, BitConverter.DoubleToInt64Bits(value), null);

    public static Value Of(long value) => new(ValueKind.Integer, value, null);

    public static Value Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0, null);

    public static Value Of(string text) => new(ValueKind.Text, 0, text);

    /// <summary>A stored value of any type but string.</summary>
    public static Value Of(FieldType type, long bits) => new(KindOf(type), bits, null);

    /// <summary>The kind of the values of a field.</summary>
    public static ValueKind KindOf(FieldType type) => type switch
    {
        FieldType.Float => ValueKind.Float,
        FieldType.Integer => ValueKind.Integer,
        FieldType.Unsigned => ValueKind.Unsigned,
        FieldType.Boolean => ValueKind.Boolean,
        _ => ValueKind.Text,
    };

    /// <summary>The type of a field with values of that kind; not for none.</summary>
    public static FieldType TypeOf(ValueKind kind) => kind switch
    {
        ValueKind.Integer => FieldType.Integer,
        ValueKind.Unsigned => FieldType.Unsigned,
        ValueKind.Boolean => FieldType.Boolean,
        ValueKind.Text => FieldType.String,
        _ => FieldType.Float,
    };

    /// <summary>The value of a cell of a result; the reverse of <see cref="ToObject"/>.</summary>
    public static Value OfObject(object? cell) => cell switch
    {
        double number => Of(number),
        long whole => Of(whole),
        ulong whole => new Value(ValueKind.Unsigned, unchecked((long)whole), null),
        bool flag => Of(flag),
        string text => Of(text),
        _ => None,
    };

    /// <summary>Orders values of one kind; false comes before true, text goes by its code units.</summary>
    public static int Compare(in Value left, in Value right) => left.Kind switch
    {
        ValueKind.Float => left.AsFloat.CompareTo(right.AsFloat),
        ValueKind.Unsigned => unchecked((ulong)left.Bits).CompareTo(unchecked((ulong)right.Bits)),
        ValueKind.Text => string.CompareOrdinal(left.Text, right.Text),
        _ => left.Bits.CompareTo(right.Bits),
    };

    /// <summary>The value as the result carries it: null, double, long, ulong, bool or string.</summary>
    public object? ToObject() => Kind switch
    {
        ValueKind.Float => AsFloat,
        ValueKind.Integer => Bits,
        ValueKind.Unsigned => unchecked((ulong)Bits),
        ValueKind.Boolean => Bits != 0,
        ValueKind.Text => Text,
        _ => null,
    };
}
