namespace Telemetry.Spool;

/// <summary>
/// Someone's claim on the spool from an offset on. A <see cref="Cursor"/> has one; a holder that keeps its place
/// elsewhere (in its own database) opens one and releases what it has made durable there. In memory only.
/// </summary>
public sealed class SpoolHold : IDisposable
{
    private readonly HoldSet _set;
    private long _offset;

    internal SpoolHold(HoldSet set, string name, bool isRequired, long offset)
    {
        _set = set;
        _offset = offset;
        Name = name;
        IsRequired = isRequired;
    }

    /// <summary>Who holds.</summary>
    public string Name { get; }

    /// <summary>Whether intake stops rather than delete what this holder has not released.</summary>
    public bool IsRequired { get; }

    /// <summary>What lies before is released.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <summary>
    /// Says that nothing before <paramref name="offset"/> will be asked for again, even after a power cut. Going back
    /// is not possible: a lower offset changes nothing.
    /// </summary>
    public void ReleaseTo(long offset)
    {
        if (offset > Offset)
        {
            Volatile.Write(ref _offset, offset);
            _set.OnReleased();
        }
    }

    /// <summary>Gives up the claim.</summary>
    public void Dispose() => _set.Remove(this);
}
