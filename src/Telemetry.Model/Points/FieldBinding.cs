namespace Telemetry.Model;

/// <summary>Where an arriving field goes: the field it is stored as, and the change of unit on the way.</summary>
/// <param name="Outcome">Anything but Interned refuses the point, or the value, by name.</param>
/// <param name="Target">The field; null when refused.</param>
/// <param name="Scale">Factor on numeric values; 1 leaves them as they came.</param>
/// <param name="Offset">Added after the factor.</param>
/// <param name="Expected">Of a type conflict, the type that stays.</param>
/// <param name="Source">Number of the source in <see cref="SourceCatalogue"/>; 0 when unknown.</param>
/// <param name="From">Holds for samples of this time on, in nanoseconds since 1970.</param>
/// <param name="Until">Holds for samples before this time.</param>
/// <param name="Words">Why it is refused, where the outcome cannot say it alone.</param>
public readonly record struct FieldBinding(
    InternOutcome Outcome,
    Field? Target,
    double Scale = 1,
    double Offset = 0,
    FieldType Expected = FieldType.Float,
    int Source = 0,
    long From = long.MinValue,
    long Until = long.MaxValue,
    string? Words = null)
{
    /// <summary>True when values pass through unchanged.</summary>
    public bool IsIdentity => Scale == 1 && Offset == 0;

    /// <summary>True when it holds at all times.</summary>
    public bool HoldsAlways => From == long.MinValue && Until == long.MaxValue;

    /// <summary>True when it holds at a time.</summary>
    public bool HoldsAt(long time) => time >= From && (time < Until || Until == long.MaxValue);
}

/// <summary>A field as it arrives, with what its binding may depend on.</summary>
public readonly ref struct ArrivingField
{
    /// <summary>Measurement and tags as they arrived, in line-protocol form.</summary>
    public required ReadOnlySpan<byte> Series { get; init; }

    /// <summary>The field key without escapes.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its value.</summary>
    public required FieldType Type { get; init; }

    /// <summary>How the value was written.</summary>
    public WrittenAs Written { get; init; }

    /// <summary>The unit that came with the value, as it was spelt; empty when none came.</summary>
    public string Unit { get; init; }

    /// <summary>Time of the sample, corrected, in nanoseconds since 1970.</summary>
    public long Time { get; init; }
}

/// <summary>Decides, once per arriving name, where its samples go.</summary>
public interface IFieldBinder
{
    /// <summary>
    /// The binding of a field of a series, both as they arrived (line-protocol escapes included in the key).
    /// </summary>
    FieldBinding Bind(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type);

    /// <summary>
    /// The binding of a field whose number was written as text: refused as <see cref="InternOutcome.NotANumber"/>
    /// unless the field is known to be a number.
    /// </summary>
    FieldBinding BindNumberInText(ReadOnlySpan<byte> arrivingSeries, string fieldName) =>
        new(InternOutcome.NotANumber, null);

    /// <summary>
    /// The binding of a field at a time. It is asked again for a time that the answer does not hold at, and for another
    /// unit.
    /// </summary>
    FieldBinding Bind(in ArrivingField field) => field.Written == WrittenAs.NumberInText
        ? BindNumberInText(field.Series, field.Name)
        : Bind(field.Series, field.Name, field.Type);
}

/// <summary>A point that was refused by name, told to whoever keeps count.</summary>
public interface IRefusalListener
{
    /// <summary>A field made its point unacceptable.</summary>
    void OnRefused(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, InternOutcome reason);

    /// <summary>
    /// A field came with another type than it has; for listeners that tell both. The others hear of it as of any other.
    /// </summary>
    void OnTypeConflict(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, FieldType expected) =>
        OnRefused(arrivingSeries, fieldName, type, InternOutcome.TypeConflict);

    /// <summary>A value came in a unit that does not fit; for listeners that tell which.</summary>
    void OnUnitDiffers(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type, string words) =>
        OnRefused(arrivingSeries, fieldName, type, InternOutcome.UnitDiffers);
}
