namespace Telemetry.Ingestion;

/// <summary>The clocks of all gateways in a few numbers, however many gateways there are.</summary>
internal static class ClockMetrics
{
    private static readonly ClockState[] States = Enum.GetValues<ClockState>();

    /// <summary>The numbers now.</summary>
    public static IEnumerable<Metric> Of(IngestPipeline pipeline)
    {
        ClockView[] clocks = [.. pipeline.Gateways.All.Select(gateway => gateway.Clock).OfType<ClockView>()];
        foreach (ClockState state in States)
        {
            string name = ClockView.NameOf(state);
            yield return new(
                "telemetry_ingestion_gateway_clocks",
                "Gateways by what is known of their clock.",
                clocks.Count(clock => clock.State == name),
                $"state=\"{name}\"");
        }

        yield return new(
            "telemetry_ingestion_clock_skew_seconds",
            "Largest error of a gateway's clock that is not reset.",
            clocks.Where(clock => clock.State != ClockView.NameOf(ClockState.Reset))
                .Select(clock => Math.Abs(clock.SkewSeconds ?? 0))
                .DefaultIfEmpty()
                .Max());
    }
}
