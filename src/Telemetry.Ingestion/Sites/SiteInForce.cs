using System.Buffers;
using Telemetry.Buffers;

namespace Telemetry.Ingestion;

/// <summary>
/// The site by which records are decoded at a place of the log, and since when. What it remembers is a hash; the site
/// behind it is in the archive for ever, so that looking it up gives the same at any time.
/// </summary>
internal sealed class SiteInForce : IDecodingStatePart
{
    private readonly DecodingContext _context;

    public SiteInForce(DecodingContext context)
    {
        _context = context;
        Version = context.StartSite;
    }

    public SiteVersion Version { get; private set; }

    /// <summary>Offset of the record that put it in force; 0 when no record that is known did.</summary>
    public long Offset { get; private set; }

    /// <summary>Arrival time of that record, nanoseconds since 1970; 0 when there is none.</summary>
    public long ArrivalTime { get; private set; }

    /// <summary>Puts another site in force. One that is not to be found leaves the one that is.</summary>
    public void Change(string hash, long offset, long arrivalTime)
    {
        if (Find(hash) is { } version)
        {
            Version = version;
            Offset = offset;
            ArrivalTime = arrivalTime;
        }
    }

    /// <summary>Puts a site in force that no record of the log did.</summary>
    public void Hold(SiteVersion version)
    {
        Clear();
        Version = version;
    }

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> target)
    {
        var writer = new StateWriter(target);
        writer.Block(Convert.FromHexString(Version.Hash));
        writer.Int64(Offset);
        writer.Int64(ArrivalTime);
    }

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state);
        string hash = Convert.ToHexStringLower(reader.Block());
        long offset = reader.Int64();
        long arrivalTime = reader.Int64();
        if (reader.IsFailed || reader.RestBytes > 0 || Find(hash) is not { } version)
        {
            return false;
        }

        Version = version;
        Offset = offset;
        ArrivalTime = arrivalTime;
        return true;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Version = _context.StartSite;
        Offset = 0;
        ArrivalTime = 0;
    }

    private SiteVersion? Find(string hash) =>
        hash == _context.StartSite.Hash ? _context.StartSite : _context.FindSite(hash);
}
