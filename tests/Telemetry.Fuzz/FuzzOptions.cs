using System.Globalization;
using System.Security.Cryptography;

namespace Telemetry.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public const string Usage =
        """
        usage: framer      [--inputs N]  [--first I] [--seed N] [--minutes M] [--workers N]
               connections [--scripts N] [--first I] [--seed N] [--minutes M]
        An input or script is made of the seed and its number alone: --seed N --first I --inputs 1 repeats one.
        """;

    /// <summary><c>framer</c> or <c>connections</c>.</summary>
    public required string Target { get; init; }

    /// <summary>How many inputs or scripts.</summary>
    public long Count { get; init; } = 1_000_000;

    /// <summary>The number of the first one.</summary>
    public long First { get; init; }

    public ulong Seed { get; init; }

    /// <summary>For how long at most.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.MaxValue;

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>A seed that no run had before; whoever takes it prints it.</summary>
    public static ulong NewSeed() => (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>Null when the command line is not as <see cref="Usage"/> says.</summary>
    public static FuzzOptions? TryParse(string[] arguments)
    {
        if (arguments.Length % 2 == 0 || arguments[0] is not ("framer" or "connections"))
        {
            return null;
        }

        FuzzOptions? options = new() { Target = arguments[0], Seed = NewSeed() };
        for (int i = 1; i < arguments.Length && options is not null; i += 2)
        {
            bool isNumber = long.TryParse(
                arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            options = !isNumber ? null : arguments[i] switch
            {
                "--inputs" or "--scripts" => options with { Count = number },
                "--first" => options with { First = number },
                "--seed" => options with { Seed = (ulong)number },
                "--minutes" => options with { Duration = TimeSpan.FromMinutes(number) },
                "--workers" when number > 0 => options with { Workers = (int)number },
                _ => null,
            };
        }

        return options;
    }
}
