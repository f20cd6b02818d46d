using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// States of decoding on disk, each a checkpoint file named by the offset it stands for. Whoever starts to decode at
/// some offset takes the newest one before it and folds from there. One that is lost or damaged costs a longer way.
/// </summary>
internal sealed class DecodingSnapshots
{
    private const uint Magic = 0x5344_4454; // "TDDS" as little-endian bytes
    private const uint Version = 1;
    private const int BytesPerStateByte = 8; // of the log between two states, so that keeping them stays cheap
    private const string Suffix = ".snapshot";
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ILogger _logger;
    private readonly List<long> _offsets;
    private readonly ArrayBufferWriter<byte> _saved = new();

    /// <param name="files">The disk.</param>
    /// <param name="directory">Made when missing.</param>
    /// <param name="logger">Told of files that cannot be read or written.</param>
    public DecodingSnapshots(IFileSystem files, string directory, ILogger logger)
    {
        _files = files;
        _directory = directory;
        _logger = logger;
        files.CreateDirectory(directory);
        _offsets = [.. files.ListFiles(directory).Select(OffsetOf).Where(offset => offset >= 0).Order()];
    }

    /// <summary>Where the newest one stands; 0 when there is none.</summary>
    public long NewestOffset => _offsets.Count > 0 ? _offsets[^1] : 0;

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => _offsets.Count == 0;

    /// <summary>How much of the log may come before it is time to keep a state again.</summary>
    public long BytesApart =>
        Math.Max(IngestionLimits.DecodingSnapshotBytesMin, BytesPerStateByte * (long)_saved.WrittenCount);

    /// <summary>Restores the newest state at or before an offset; false when there is none.</summary>
    /// <param name="state">Takes it.</param>
    /// <param name="before">The offset.</param>
    /// <param name="offset">Where the state stands.</param>
    public bool TryRestore(DecodingState state, long before, out long offset)
    {
        for (int i = _offsets.Count - 1; i >= 0; i--)
        {
            offset = _offsets[i];
            if (offset > before)
            {
                continue;
            }

            if (FileOf(offset).TryRead(out byte[] saved, out _))
            {
                foreach (string part in state.Restore(saved))
                {
                    IngestionLog.DecodingStatePartLost(_logger, part, offset);
                }

                return true;
            }

            _offsets.RemoveAt(i); // set aside, which has been said
        }

        offset = 0;
        return false;
    }

    /// <summary>Removes those of a log whose end was lost: what is written there next is something else.</summary>
    public void RemoveBeyond(long endOffset)
    {
        while (NewestOffset > endOffset)
        {
            Remove(_offsets.Count - 1);
        }
    }

    /// <summary>
    /// Keeps a state. A disk that refuses costs a longer way at the next start, and is told by everyone else.
    /// </summary>
    /// <param name="offset">What it stands for; beyond all others.</param>
    /// <param name="state">The state.</param>
    /// <param name="firstOffset">Nobody can start to decode before this.</param>
    public void Add(long offset, DecodingState state, long firstOffset)
    {
        _saved.ResetWrittenCount();
        state.Save(_saved);
        try
        {
            FileOf(offset).Write(offset, _saved.WrittenSpan);
            _offsets.Add(offset);
            Thin(firstOffset);
        }
        catch (IOException cause)
        {
            IngestionLog.DecodingSnapshotFailed(_logger, offset, cause.Message);
        }
    }

    /// <summary>Removes those that nobody needs, and where there are too many the one that is missed least.</summary>
    private void Thin(long firstOffset)
    {
        while (_offsets.Count > 1 && _offsets[1] <= firstOffset)
        {
            Remove(0);
        }

        if (_offsets.Count <= IngestionLimits.DecodingSnapshotsMax)
        {
            return;
        }

        long newest = _offsets[^1];
        int least = Enumerable.Range(1, _offsets.Count - 2)
            .MinBy(i => (_offsets[i + 1] - _offsets[i - 1]) / (double)(1 + newest - _offsets[i]));
        Remove(least);
    }

    private void Remove(int index)
    {
        _files.Delete(PathOf(_offsets[index]));
        _offsets.RemoveAt(index);
    }

    private CheckpointFile FileOf(long offset) => new(_files, _directory, NameOf(offset), Magic, Version, _logger);

    private string PathOf(long offset) => Path.Combine(_directory, NameOf(offset));

    private static string NameOf(long offset) => string.Create(CultureInfo.InvariantCulture, $"{offset:x16}{Suffix}");

    /// <summary>−1 for a file of another kind.</summary>
    private static long OffsetOf(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal) && long.TryParse(
            name.AsSpan(0, name.Length - Suffix.Length),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out long offset)
            ? offset
            : -1;
}
