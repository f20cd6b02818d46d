using System.Numerics;

namespace Telemetry.Model;

/// <summary>A factor between units as an exact fraction, so that a chain of factors is rounded once.</summary>
internal readonly record struct UnitRatio(BigInteger Numerator, BigInteger Denominator)
{
    private const int QuotientBits = 64; // more than a double's 53, so that what is cut off cannot be seen

    public static UnitRatio One { get; } = new(BigInteger.One, BigInteger.One);

    public static UnitRatio operator *(UnitRatio left, UnitRatio right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static UnitRatio operator /(UnitRatio left, UnitRatio right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static UnitRatio operator -(UnitRatio left, UnitRatio right) => new(
        (left.Numerator * right.Denominator) - (right.Numerator * left.Denominator),
        left.Denominator * right.Denominator);

    /// <summary>The value of decimal text such as <c>4.44822</c>, exact.</summary>
    public static UnitRatio Parse(string text)
    {
        int point = text.IndexOf('.');
        int decimals = point < 0 ? 0 : text.Length - point - 1;
        BigInteger digits = BigInteger.Parse(
            text.Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
        return new UnitRatio(digits, BigInteger.Pow(10, decimals));
    }

    public UnitRatio ToPower(int exponent) => exponent < 0
        ? new UnitRatio(BigInteger.Pow(Denominator, -exponent), BigInteger.Pow(Numerator, -exponent))
        : new UnitRatio(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent));

    /// <summary>The nearest double, but for a rounding of its last bit in rare cases.</summary>
    public double ToDouble()
    {
        if (Numerator.IsZero)
        {
            return 0;
        }

        BigInteger magnitude = BigInteger.Abs(Numerator);
        long shift = QuotientBits - (magnitude.GetBitLength() - Denominator.GetBitLength());
        BigInteger quotient = shift >= 0
            ? (magnitude << (int)shift) / Denominator
            : magnitude / (Denominator << (int)-shift);
        return Math.ScaleB((double)quotient, (int)-shift) * Numerator.Sign;
    }
}
