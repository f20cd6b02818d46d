using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What a value outside of its plausible range was probably meant to be.</summary>
/// <param name="Key">Of the words for it.</param>
/// <param name="Factor">How many times too large or too small the value is; 1 for another unit of temperature.</param>
/// <param name="Meant">The value it would be.</param>
internal sealed record ValueSuspicion(string Key, double Factor, double Meant)
{
    private const double KelvinOffset = 273.15;

    // A decimal point that was moved, and kilo, mega, bar and kPa.
    private static readonly double[] Factors = [10, 100, 1_000];

    /// <summary>Of all that would bring the value into the range, what is nearest to the usual value.</summary>
    public static ValueSuspicion? Of(SignalDefinition signal, double value)
    {
        IEnumerable<ValueSuspicion> all = Factors
            .SelectMany(factor => new ValueSuspicion[]
            {
                new("range-large", factor, value / factor),
                new("range-small", factor, value * factor),
            });
        if (signal.Unit == "Cel")
        {
            all = all
                .Prepend(new ValueSuspicion("range-kelvin", 1, value - KelvinOffset))
                .Prepend(new ValueSuspicion("range-fahrenheit", 1, (value - 32) / 1.8));
        }

        return value == 0
            ? null
            : all.Where(one => one.Meant >= signal.RangeLow && one.Meant <= signal.RangeHigh)
                .MinBy(one => Math.Abs(one.Meant - signal.Normal));
    }
}
