namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// A disk that a test may fill: a tmpfs mounted over a directory, which wants root or sudo without a password. Where
/// neither is to be had <c>TELEMETRY_SMALL_DISK</c> names an empty directory on a file system of about this size.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string[] _asRoot = Environment.UserName == "root" ? [] : ["sudo", "-n"];
    private ScratchDirectory? _mounted;

    private SmallDisk(string path) => Path = path;

    public string Path { get; private set; }

    /// <summary>Mounts the disk; a test that cannot have one fails with what it needs.</summary>
    public static async Task<SmallDisk> MountAsync(int mebibytes)
    {
        var disk = new SmallDisk(Environment.GetEnvironmentVariable("TELEMETRY_SMALL_DISK") ?? "");
        if (disk.Path.Length == 0)
        {
            await disk.MountAsync(new ScratchDirectory(), $"size={mebibytes}m,mode=1777");
        }

        Assert.False(
            Directory.EnumerateFileSystemEntries(disk.Path).Any(),
            $"TELEMETRY_SMALL_DISK: expected an empty directory, found something in '{disk.Path}'");
        return disk;
    }

    /// <summary>Writes a file until the disk takes not one byte more.</summary>
    public void Fill(string name)
    {
        using FileStream file = File.Create(System.IO.Path.Combine(Path, name), bufferSize: 0);
        var block = new byte[64 * 1024];
        int bytes = block.Length;
        while (bytes > 0)
        {
            try
            {
                file.Write(block, 0, bytes);
            }
            catch (IOException)
            {
                bytes /= 2;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted is not null)
        {
            await RequireAsync("umount", Path);
            _mounted.Delete();
            return;
        }

        foreach (FileSystemInfo entry in new DirectoryInfo(Path).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    private async Task MountAsync(ScratchDirectory directory, string options)
    {
        Path = directory.Path;
        await RequireAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", Path);
        _mounted = directory;
    }

    private async Task RequireAsync(params string[] command)
    {
        string[] words = [.. _asRoot, .. command];
        await using ToolRun run = ToolRun.Start(words[0], words[1..]);
        int exitCode = await run.WaitAsync();
        Assert.True(
            exitCode == 0,
            $"the test needs a disk to fill, and '{string.Join(' ', words)}' gives {exitCode}: {run.Output.Trim()}; "
            + "run as root, or name an empty directory on a file system of 100 to 400 MiB in TELEMETRY_SMALL_DISK");
    }
}
