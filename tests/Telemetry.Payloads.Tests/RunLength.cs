namespace Telemetry.Payloads.Tests;

/// <summary>How many payloads the runs over damaged ones take: some in CI, many with TELEMETRY_NIGHTLY=1.</summary>
internal static class RunLength
{
    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("TELEMETRY_NIGHTLY") == "1";

    /// <summary>Payloads given to a decoder alone.</summary>
    public static int Alone { get; } = IsNightly ? 10_000_000 : 100_000;

    /// <summary>Payloads compared with a slow reading that knows nothing of the decoder.</summary>
    public static int Compared { get; } = IsNightly ? 1_000_000 : 25_000;
}
