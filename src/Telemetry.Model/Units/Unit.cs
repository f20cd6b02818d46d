using System.Diagnostics.CodeAnalysis;

namespace Telemetry.Model;

/// <summary>How values in one unit become values in another: value × Scale + Offset.</summary>
public readonly record struct UnitConversion(double Scale, double Offset)
{
    /// <summary>Values stay as they are.</summary>
    public static UnitConversion None { get; } = new(1, 0);
}

/// <summary>A unit of measurement by its UCUM code (Unified Code for Units of Measure 2.1, case sensitive).</summary>
public sealed class Unit
{
    private readonly UnitDimension _dimension;
    private readonly UnitRatio _factor;
    private readonly UnitRatio? _zero;
    private readonly string _annotation;

    internal Unit(string code, UnitDimension dimension, UnitRatio factor, UnitRatio? zero, string annotation)
    {
        Code = code;
        _dimension = dimension;
        _factor = factor;
        _zero = zero;
        _annotation = annotation;
    }

    /// <summary>The code as it was written.</summary>
    public string Code { get; }

    internal UnitDimension Dimension => _dimension;

    internal UnitRatio Factor => _factor;

    /// <summary>Reads a code.</summary>
    /// <param name="code">The code.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="fault">What is wrong with it, to stand behind a colon; empty when nothing is.</param>
    public static bool TryParse(string code, [NotNullWhen(true)] out Unit? unit, out string fault)
    {
        ArgumentNullException.ThrowIfNull(code);
        return UnitParser.TryParse(code, UnitTable.Atoms, out unit, out fault);
    }

    /// <summary>
    /// How values of this unit become values of another. Units of different kinds do not convert, nor do those that
    /// name different things in braces, such as <c>%{vol}</c> and <c>%{Sn}</c>.
    /// </summary>
    public bool TryConvertTo(Unit target, out UnitConversion conversion)
    {
        ArgumentNullException.ThrowIfNull(target);
        conversion = UnitConversion.None;
        if (_dimension != target._dimension || NamesOtherThan(target))
        {
            return false;
        }

        UnitRatio scale = _factor / target._factor;
        double offset = 0;
        if (_zero != target._zero)
        {
            var none = UnitRatio.Parse("0");
            offset = (((_zero ?? none) - (target._zero ?? none)) / target._factor).ToDouble();
        }

        conversion = new UnitConversion(scale.ToDouble(), offset);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Code;

    private bool NamesOtherThan(Unit target) =>
        _annotation.Length > 0 && target._annotation.Length > 0 && _annotation != target._annotation;
}
