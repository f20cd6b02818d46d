using Microsoft.Extensions.Logging;

namespace Telemetry.Spool;

/// <summary>The cursor files of a spool: finds them when it opens and hands them out by name.</summary>
internal sealed class CursorCabinet(
    IFileSystem files, string directory, HoldSet holds, SpoolMetrics metrics, ILogger log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long[]> _places = new(StringComparer.Ordinal); // each moved on by its cursor
    private readonly Dictionary<string, SetAsideCursor> _corrupt = new(StringComparer.Ordinal);

    /// <summary>The highest offset any cursor has reached: none of them may be given out again.</summary>
    public long HighestOffset { get; private set; }

    /// <summary>Reads every cursor file and sets those aside that cannot be read.</summary>
    public void Load()
    {
        foreach (string name in files.ListFiles(directory))
        {
            if (name.EndsWith(CursorFormat.Suffix, StringComparison.Ordinal))
            {
                LoadOne(name[..^CursorFormat.Suffix.Length]);
            }
        }
    }

    /// <summary>The cursor of this name; a new or unreadable one begins at the first offset.</summary>
    public Cursor Open(string name, bool isRequired, long firstOffset, Func<long> durableOffset)
    {
        Cursor.RequireName(name);
        lock (_gate)
        {
            if (!_places.TryGetValue(name, out long[]? offsets))
            {
                offsets = new long[SpoolRecord.LaneCount];
                Array.Fill(offsets, firstOffset);
            }

            SpoolHold hold = holds.Add(name, isRequired, offsets.Min());
            _places[name] = offsets;
            if (_corrupt.Remove(name, out SetAsideCursor corrupt))
            {
                log.CursorSetAside(name, corrupt.Expected, corrupt.Found, corrupt.SetAsideAs, firstOffset);
            }

            return new Cursor(new CursorFile(files, directory, name), hold, offsets, durableOffset);
        }
    }

    private void LoadOne(string name)
    {
        var file = new CursorFile(files, directory, name);
        long[] offsets = new long[SpoolRecord.LaneCount];
        if (file.TryRead(offsets, out string expected, out string found))
        {
            _places[name] = offsets;
            HighestOffset = Math.Max(HighestOffset, offsets.Max());
            return;
        }

        file.SetAside();
        metrics.CountSetAside();
        _corrupt[name] = new SetAsideCursor(expected, found, Path.GetFileName(file.SetAsidePath));
    }

    private readonly record struct SetAsideCursor(string Expected, string Found, string SetAsideAs);
}
