using System.Text;
using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>What became of a write over HTTP.</summary>
public enum HttpWriteVerdict
{
    /// <summary>All lines are durable.</summary>
    Accepted,

    /// <summary>The good lines are durable; the others are named in the text.</summary>
    PartlyRefused,

    /// <summary>There is no room now: the same again later.</summary>
    TryLater,
}

/// <summary>A verdict with InfluxDB's wording of what was refused.</summary>
/// <param name="Verdict">What happened.</param>
/// <param name="Error">Text for the caller; empty when accepted.</param>
public readonly record struct HttpWriteOutcome(HttpWriteVerdict Verdict, string Error);

/// <summary>
/// Line protocol over HTTP: parsed before the append, so that the caller learns of every bad line; the good lines go
/// through the same spool as all else, and the answer goes out after the commit.
/// </summary>
public sealed class HttpIntake
{
    private readonly Spool.Spool _spool;
    private readonly ArrivalClock _clock;
    private readonly Lock _checking = new();
    private readonly DecodingContext _context;
    private LineCheck _check;

    /// <param name="spool">Where lines become durable.</param>
    /// <param name="clock">Gives arrival times.</param>
    /// <param name="context">How lines will be decoded behind the commit.</param>
    public HttpIntake(Spool.Spool spool, ArrivalClock clock, DecodingContext context)
    {
        _spool = spool;
        _clock = clock;
        _context = context;
        _check = CheckBy(context.Site);
    }

    /// <summary>
    /// Changes the site by which lines are checked together with the one by which they are decoded: between the two no
    /// line is checked.
    /// </summary>
    /// <param name="site">The site.</param>
    /// <param name="append">Appends the record that puts it in force; false when that cannot be.</param>
    internal bool TryFollow(SiteCatalogue site, Func<bool> append)
    {
        lock (_checking)
        {
            bool isInForce = append();
            _check = isInForce ? CheckBy(site) : _check;
            return isInForce;
        }
    }

    /// <summary>Writes the good lines and answers when they are durable.</summary>
    /// <param name="client">Who writes; the gateway of these lines.</param>
    /// <param name="lines">The body, decompressed.</param>
    /// <param name="precision">Unit of times in the lines.</param>
    /// <param name="cancellationToken">The caller went away; lines appended already stay.</param>
    public async Task<HttpWriteOutcome> WriteAsync(
        string client, ReadOnlyMemory<byte> lines, TimePrecision precision, CancellationToken cancellationToken)
    {
        if (!TryAppendGoodLines(client, lines, precision, out long end, out string error))
        {
            // Pieces appended already stay; the same body again overwrites the same points.
            return new HttpWriteOutcome(HttpWriteVerdict.TryLater, $"no room for writes now: {_spool.State.Cause}");
        }

        await _spool.WaitForCommitAsync(end - 1, cancellationToken);

        return error.Length == 0
            ? new HttpWriteOutcome(HttpWriteVerdict.Accepted, "")
            : new HttpWriteOutcome(HttpWriteVerdict.PartlyRefused, error);
    }

    private bool TryAppendGoodLines(
        string client, ReadOnlyMemory<byte> lines, TimePrecision precision, out long end, out string error)
    {
        end = 0;
        lock (_checking)
        {
            IReadOnlyList<ReadOnlyMemory<byte>> pieces = _check.GoodLinesOf(lines, precision);
            error = _check.ErrorText();
            foreach (ReadOnlyMemory<byte> piece in pieces)
            {
                byte[] record = RecordOf(client, piece.Span, precision);
                if (_spool.TryAppend(record, listener: null, out end) != AppendOutcome.Appended)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private LineCheck CheckBy(SiteCatalogue site) => new(
        new CatalogueBinder(RecordDecoder.HttpRoute, site, _context.Catalogue, _context.Unbound),
        _context.Catalogue,
        _context.Guard);

    private byte[] RecordOf(string client, ReadOnlySpan<byte> lines, TimePrecision precision)
    {
        byte[] clientBytes = Encoding.UTF8.GetBytes(client);
        var publish = new PublishView { Payload = lines };
        var record = new byte[SpoolRecord.Measure(MessageRecord.Measure(clientBytes.Length, publish))];
        MessageRecord.Write(record.AsSpan(SpoolRecord.HeaderBytes), clientBytes, publish, precision);
        SpoolRecord.Seal(record, (byte)RecordKind.HttpWrite, Lanes.Of(clientBytes), _clock.Now());
        return record;
    }
}
