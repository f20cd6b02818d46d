using System.Globalization;
using System.Text;
using Telemetry.Site;
using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>
/// Where the site comes from: the engineer's own file, which is only ever read, and the directory <c>site.d</c> of
/// fragments, to which the program adds.
/// </summary>
public sealed class SiteFiles
{
    private const string Suffix = ".yaml";
    private readonly IFileSystem _files;
    private readonly string _ownPath;
    private readonly SiteSource _withoutFile;

    /// <param name="files">The disk.</param>
    /// <param name="ownPath">The engineer's file; empty when there is none.</param>
    /// <param name="withoutFile">What stands for it then.</param>
    /// <param name="directory">Where fragments lie; it need not be there.</param>
    public SiteFiles(IFileSystem files, string ownPath, SiteSource withoutFile, string directory)
    {
        _files = files;
        _ownPath = ownPath;
        _withoutFile = withoutFile;
        FragmentDirectory = directory;
    }

    /// <summary>Where fragments lie.</summary>
    public string FragmentDirectory { get; }

    /// <summary>Reads all files; null when one cannot be read, which the faults tell.</summary>
    public SiteSet? Read(out IReadOnlyList<SiteFault> faults)
    {
        var found = new List<SiteFault>();
        SiteSource? own = _ownPath.Length == 0 ? _withoutFile : Read(_ownPath, isFragment: false, found);
        var fragments = new List<SiteSource>();
        foreach (string path in FragmentPaths(found))
        {
            if (Read(path, isFragment: true, found) is { } fragment)
            {
                fragments.Add(fragment);
            }
        }

        faults = found;
        return found.Count == 0 ? new SiteSet(own!, fragments) : null;
    }

    /// <summary>
    /// What tells that some file is another one: names, times and lengths. Of what cannot be looked at it says so.
    /// </summary>
    public string Stamp()
    {
        var stamp = new StringBuilder();
        IEnumerable<string> paths = Directory.Exists(FragmentDirectory) ? FragmentPaths([]) : []; // no throw each look
        foreach (string path in _ownPath.Length == 0 ? paths : paths.Prepend(_ownPath))
        {
            var file = new FileInfo(path);
            long bytes = file.Exists ? file.Length : -1;
            stamp.Append(CultureInfo.InvariantCulture, $"{path}|{file.LastWriteTimeUtc.Ticks}|{bytes}\n");
        }

        return stamp.ToString();
    }

    /// <summary>The path of a fragment of that name.</summary>
    public string PathOf(string name) => Path.Combine(FragmentDirectory, name + Suffix);

    /// <summary>Writes a fragment; it is durable when this returns.</summary>
    /// <exception cref="IOException">The disk refuses; no fragment was written.</exception>
    public void Add(string name, string text)
    {
        _files.CreateDirectory(FragmentDirectory);
        DurableFile.Write(_files, FragmentDirectory, name + Suffix, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Takes a fragment away again, if it was written at all.</summary>
    public void Remove(string name)
    {
        try
        {
            _files.Delete(PathOf(name));
            _files.SyncDirectory(FragmentDirectory);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // It was never there, or it stays: then the watch finds it, and says what comes of it.
        }
    }

    private string[] FragmentPaths(List<SiteFault> faults)
    {
        try
        {
            string[] names =
            [
                .. _files.ListFiles(FragmentDirectory)
                    .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal) && name[0] != '.')
                    .Order(StringComparer.Ordinal),
            ];
            if (names.Length > SiteLimits.FragmentCountMax)
            {
                string found = $"expected at most {SiteLimits.FragmentCountMax} files, found {names.Length}";
                faults.Add(FaultOf(FragmentDirectory, $"cannot read the directory: {found}; join some"));
                return [];
            }

            return [.. names.Select(name => Path.Combine(FragmentDirectory, name))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            faults.Add(FaultOf(FragmentDirectory, $"cannot read the directory: {cause.Message}"));
            return [];
        }
    }

    private SiteSource? Read(string path, bool isFragment, List<SiteFault> faults)
    {
        if (Directory.Exists(path))
        {
            faults.Add(FaultOf(path, "cannot read the file: it is a directory; give the YAML file in it"));
            return null;
        }

        try
        {
            using IFile file = _files.Open(path, FileIntent.Read);
            long bytesMax = 4L * SiteLimits.FileCharactersMax;
            if (file.Length > bytesMax)
            {
                string cause = $"expected at most {bytesMax} bytes, found {file.Length}";
                faults.Add(FaultOf(path, $"cannot read the file: {cause}"));
                return null;
            }

            var bytes = new byte[file.Length];
            int count = file.Read(bytes, 0);
            using var reader = new StreamReader(new MemoryStream(bytes, 0, count), Encoding.UTF8);
            return new SiteSource(path, reader.ReadToEnd()) { IsFragment = isFragment };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            faults.Add(FaultOf(path, $"cannot read the file: {cause.Message}"));
            return null;
        }
    }

    private static SiteFault FaultOf(string path, string message) => new(path, 1, 1, "", message);
}
