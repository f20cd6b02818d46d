using Microsoft.Extensions.Logging;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Warns while there is still room in the catalogue of names, and says who fills it. Names are not freed, so a sender
/// that makes up a new one for each message must be found early. Looks through the names once per percent they grow.
/// </summary>
public sealed class CatalogueGuard(SeriesCatalogue catalogue, FieldSenders senders, GatewayRegistry gateways)
{
    /// <summary>The share of a ceiling from which on it is a warning, in percent.</summary>
    public const int WarningPercent = 80;

    private const double Percent = 0.01;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private CatalogueReport? _report;
    private bool _saidFull;

    /// <summary>What was found last; null while there is room enough.</summary>
    public CatalogueReport? Report => Volatile.Read(ref _report);

    /// <summary>What is used of the nearer ceiling, from 0 to 1.</summary>
    public double Share => Math.Max(FieldShare, ByteShare);

    /// <summary>Looks now and then until cancelled.</summary>
    public async Task RunAsync(TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            Look(logger);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>To be called by one thread.</summary>
    internal void Look(ILogger logger)
    {
        bool isFull = catalogue.RefusedCount > 0;
        double share = Share;
        bool isNews = _report is not { } last || share >= last.Share + Percent || isFull != last.IsFull;
        bool isDue = isFull || share >= WarningPercent * Percent;
        if (!isDue || !isNews || CatalogueCulprit.Of(catalogue) is not { } culprit)
        {
            return;
        }

        bool isFirst = _report is null;
        var report = new CatalogueReport(share, UseInWords(), isFull, culprit, GatewayOf(culprit));
        Volatile.Write(ref _report, report);
        if (isFull && !_saidFull)
        {
            _saidFull = true;
            IngestionLog.CatalogueFull(logger, report.Use, report.Who);
        }
        else if (isFirst)
        {
            IngestionLog.CatalogueFillsUp(logger, share, report.Use, report.Who);
        }
    }

    private double FieldShare => (double)catalogue.FieldCount / catalogue.FieldCountMax;

    private double ByteShare => (double)catalogue.NameBytes / catalogue.NameBytesMax;

    private string UseInWords() => FieldShare >= ByteShare
        ? $"{catalogue.FieldCount} of {catalogue.FieldCountMax} fields"
        : $"{catalogue.NameBytes} of {catalogue.NameBytesMax} bytes of names";

    private string GatewayOf(CatalogueCulprit culprit)
    {
        // Where measurements themselves are made up, no one of them has many fields.
        string? measurement = culprit.Measurements > culprit.Fields ? null : culprit.Measurement;
        IGrouping<int, int>? most = CatalogueCulprit.FieldsOf(catalogue, measurement)
            .Select(field => senders.GatewayOf(field.Id))
            .Where(gateway => gateway > 0)
            .GroupBy(gateway => gateway)
            .MaxBy(fields => fields.Count());
        return most is null ? "" : gateways.KeyAt(most.Key);
    }
}
