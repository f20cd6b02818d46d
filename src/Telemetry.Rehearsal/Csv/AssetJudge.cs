using Telemetry.Detection.Assets;

namespace Telemetry.Rehearsal;

/// <summary>All columns together, as signals of one asset: 1 while something is wrong between them.</summary>
internal sealed class AssetJudge(CsvRunOptions options) : IRowJudge
{
    private readonly AssetDetector _detector = new(options.Values.Count, options.WarmUpRows);

    /// <inheritdoc/>
    public string Column => "prediction";

    /// <inheritdoc/>
    public string Judge(CsvRows row, out bool isTold)
    {
        isTold = _detector.Observe(row.Time, row.Values).IsAlarm;
        return isTold ? "1" : "0";
    }
}
