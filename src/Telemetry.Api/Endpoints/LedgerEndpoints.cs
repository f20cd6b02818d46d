using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telemetry.Ingestion;

namespace Telemetry.Api;

/// <summary>The account of every message, by gateway and hour of arrival.</summary>
internal sealed class LedgerEndpoints(IngestPipeline pipeline, TimeProvider time)
{
    private const long SecondsPerHour = 3_600;
    private const int HoursByDefault = 24;

    private const string Header =
        "hour,gateway,received,pending,decoded,not_a_measurement,no_route,quarantined,recovered,duplicate,dropped,"
        + "missing,points,stored,refused\n";

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/ledger", LedgerAsync);

    /// <summary>
    /// <c>from</c> and <c>to</c> in RFC 3339 (the last day without), <c>gateway</c>, <c>format=csv</c> for a
    /// spreadsheet.
    /// </summary>
    private async Task<IResult> LedgerAsync(
        string? from, string? to, string? gateway, string? format, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds() / SecondsPerHour;
        if (!TryReadHour(from, now - HoursByDefault + 1, out long first)
            || !TryReadHour(to, now + 1, out long end)
            || format is not (null or "json" or "csv"))
        {
            return Results.BadRequest(new ErrorAnswer(
                "cannot read the ledger: expected from and to such as 2026-01-31T00:00:00Z, and format json or csv"));
        }

        LedgerView view = await pipeline.Ledger.ReadAsync(first, end, gateway ?? "", cancellationToken);
        return format == "csv"
            ? Results.Text(Csv(view), "text/csv; charset=utf-8")
            : Results.Ok(new
            {
                closes = view.Closes,
                audited = view.Audited,
                off = view.Off,
                isCut = view.IsCut,
                isPendingCut = view.IsPendingCut,
                rows = view.Rows.Select(Json),
            });
    }

    private static object Json(LedgerRow row) => new
    {
        hour = HourText(row.Hour),
        gateway = row.Gateway,
        received = row.Received,
        pending = row.Pending,
        decoded = row.Counts.Decoded,
        notAMeasurement = row.Counts.NotAMeasurement,
        noRoute = row.Counts.NoRoute,
        quarantined = row.Counts.Quarantined,
        recovered = row.Counts.Recovered,
        duplicate = row.Counts.Duplicate,
        dropped = row.Counts.Dropped,
        missing = row.Counts.Missing,
        points = row.Counts.Points,
        stored = row.Counts.Stored,
        refused = row.Counts.Refused,
    };

    private static string Csv(LedgerView view)
    {
        var text = new StringBuilder(Header);
        foreach (LedgerRow row in view.Rows)
        {
            string gateway = $"\"{row.Gateway.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            text.Append(CultureInfo.InvariantCulture, $"{HourText(row.Hour)},{gateway},{row.Received},{row.Pending},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Counts.Decoded},{row.Counts.NotAMeasurement},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Counts.NoRoute},{row.Counts.Quarantined},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Counts.Recovered},{row.Counts.Duplicate},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Counts.Dropped},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Counts.Missing},{row.Counts.Points},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Counts.Stored},{row.Counts.Refused}\n");
        }

        return text.ToString();
    }

    private static string HourText(long hour) => DateTimeOffset.FromUnixTimeSeconds(hour * SecondsPerHour)
        .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static bool TryReadHour(string? text, long otherwise, out long hour)
    {
        hour = otherwise;
        if (text is null)
        {
            return true;
        }

        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal;
        bool isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, utc, out DateTimeOffset time);
        hour = Math.DivRem(time.ToUnixTimeSeconds(), SecondsPerHour).Quotient;
        return isTime;
    }
}
