using Microsoft.Extensions.Logging;
using Telemetry.Site;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Every site that was ever in force, each as one file named by its hash: docs/formats/site-archive.md. Records of the
/// log name them, so none is deleted. For any thread.
/// </summary>
public sealed class SiteArchive
{
    private const int RememberedMax = 8; // versions in memory; the others are read again when a record names them
    private const string Suffix = ".yaml";
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ILogger _logger;
    private readonly long _bytesMax;
    private readonly Lock _lock = new();
    private readonly LinkedList<SiteVersion> _remembered = new(); // the last used first

    /// <param name="files">The disk.</param>
    /// <param name="directory">Where sites are kept; made when missing.</param>
    /// <param name="logger">Told of a site that is not to be found.</param>
    /// <param name="bytesMax">Bytes of all of them.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public SiteArchive(
        IFileSystem files, string directory, ILogger logger, long bytesMax = IngestionLimits.SiteArchiveBytesMax)
    {
        _bytesMax = bytesMax;
        ArgumentNullException.ThrowIfNull(files);
        _files = files;
        _directory = directory;
        _logger = logger;
        files.CreateDirectory(directory);
    }

    /// <summary>Keeps a site without a fault; when it returns, the site survives a power cut.</summary>
    /// <param name="set">Its files.</param>
    /// <param name="version">What they declare, under their hash.</param>
    /// <returns>The version; another instance when it was remembered.</returns>
    /// <exception cref="IOException">The disk refuses, or the archive is full.</exception>
    public SiteVersion Keep(SiteSet set, SiteVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        lock (_lock)
        {
            IReadOnlyList<string> kept = _files.ListFiles(_directory);
            if (!kept.Contains(version.Hash + Suffix))
            {
                byte[] text = SiteSetFormat.Write(set);
                RequireRoom(kept, text.Length);
                DurableFile.Write(_files, _directory, version.Hash + Suffix, text);
            }

            return RememberLocked(version);
        }
    }

    /// <summary>The site with that hash; null, and said in the log, when it is not to be found or is another.</summary>
    public SiteVersion? Find(string hash)
    {
        lock (_lock)
        {
            if (_remembered.FirstOrDefault(known => known.Hash == hash) is { } known)
            {
                return RememberLocked(known);
            }

            (SiteVersion? version, string cause) = Read(hash);
            if (version is not null)
            {
                return RememberLocked(version);
            }

            IngestionLog.ArchivedSiteLost(_logger, Path.Combine(_directory, hash + Suffix), cause);
            return null;
        }
    }

    private (SiteVersion? Version, string Cause) Read(string hash)
    {
        byte[] text;
        try
        {
            using IFile file = _files.Open(Path.Combine(_directory, hash + Suffix), FileIntent.Read);
            text = new byte[file.Length];
            file.Read(text, 0);
        }
        catch (IOException cause)
        {
            return (null, cause.Message);
        }

        if (SiteSetFormat.HashOf(text) != hash || SiteSetFormat.TryRead(text) is not { } set)
        {
            return (null, "its content is not what its name says");
        }

        SiteLoad load = SiteFile.Load(set);
        return load.Catalogue is { } site
            ? (SiteVersion.Of(hash, site), "")
            : (null, $"this version of the program finds faults in it, the first is {load.Faults[0]}");
    }

    private void RequireRoom(IReadOnlyList<string> kept, long bytes)
    {
        foreach (string name in kept.Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            using IFile file = _files.Open(Path.Combine(_directory, name), FileIntent.Read);
            bytes += file.Length;
        }

        if (bytes > _bytesMax)
        {
            throw new IOException(
                $"cannot archive the site in '{_directory}': expected at most {_bytesMax} "
                + $"bytes, found {bytes} with it; move files away that are older than the oldest record of the spool");
        }
    }

    /// <summary>One instance per hash, as long as it is remembered.</summary>
    private SiteVersion RememberLocked(SiteVersion version)
    {
        SiteVersion known = _remembered.FirstOrDefault(other => other.Hash == version.Hash) ?? version;
        _remembered.Remove(known);
        _remembered.AddFirst(known);
        if (_remembered.Count > RememberedMax)
        {
            _remembered.RemoveLast();
        }

        return known;
    }
}
