namespace Telemetry.Model;

/// <summary>What a unit measures: powers of the base units of UCUM, and of what has no relation to them.</summary>
/// <param name="Metre">Power of the metre.</param>
/// <param name="Second">Power of the second.</param>
/// <param name="Gram">Power of the gram.</param>
/// <param name="Radian">Power of the radian.</param>
/// <param name="Kelvin">Power of the kelvin.</param>
/// <param name="Coulomb">Power of the coulomb.</param>
/// <param name="Candela">Power of the candela.</param>
/// <param name="Mole">Power of the mole, which UCUM takes for a number and nobody else does.</param>
/// <param name="Bit">Power of the bit, likewise.</param>
/// <param name="Bel">Power of the bel: a logarithm is not turned into what it is a logarithm of.</param>
/// <param name="Neper">Power of the neper, likewise.</param>
/// <param name="Acidity">Power of pH, likewise.</param>
internal readonly record struct UnitDimension(
    int Metre = 0, int Second = 0, int Gram = 0, int Radian = 0, int Kelvin = 0, int Coulomb = 0, int Candela = 0,
    int Mole = 0, int Bit = 0, int Bel = 0, int Neper = 0, int Acidity = 0)
{
    public UnitDimension Plus(in UnitDimension other, int times) => new(
        Metre + (times * other.Metre),
        Second + (times * other.Second),
        Gram + (times * other.Gram),
        Radian + (times * other.Radian),
        Kelvin + (times * other.Kelvin),
        Coulomb + (times * other.Coulomb),
        Candela + (times * other.Candela),
        Mole + (times * other.Mole),
        Bit + (times * other.Bit),
        Bel + (times * other.Bel),
        Neper + (times * other.Neper),
        Acidity + (times * other.Acidity));
}

/// <summary>A unit that has a name of its own.</summary>
/// <param name="Dimension">What it measures.</param>
/// <param name="Factor">How many base units it is.</param>
/// <param name="Zero">Where its zero lies in base units; 0 but for scales of temperature.</param>
/// <param name="TakesPrefix">It may be used with a prefix such as <c>k</c>.</param>
internal sealed record UnitAtom(UnitDimension Dimension, UnitRatio Factor, UnitRatio? Zero, bool TakesPrefix);
