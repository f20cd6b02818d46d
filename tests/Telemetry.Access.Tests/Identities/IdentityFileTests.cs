using Telemetry.Testing;

namespace Telemetry.Access.Tests;

public sealed class IdentityFileTests
{
    private static readonly IdentityTable Old = new([Scratch.Identity("old")]);
    private static readonly IdentityTable New = new([Scratch.Identity("new")]);

    [Fact]
    public async Task A_crash_at_any_operation_leaves_the_old_file_or_the_new_one()
    {
        int operations = await WriteTwiceAsync(new FaultyFileSystem(seed: 1), crashAt: 0);
        for (int crashAt = 1; crashAt <= operations; crashAt++)
        {
            foreach (StopMode mode in Enum.GetValues<StopMode>())
            {
                var disk = new FaultyFileSystem(crashAt);
                bool oldIsDurable = await WriteTwiceAsync(disk, crashAt) < 0;
                disk.Restart(mode);
                string[] names = [.. Open(disk).Read().Identities.Select(identity => identity.Name)];

                Assert.True(
                    names is ["old"] or ["new"] || (names.Length == 0 && !oldIsDurable),
                    $"crash at {crashAt}, {mode}: {string.Join(',', names)}");
            }
        }
    }

    [Fact]
    public async Task Two_who_change_it_at_once_lose_no_identity()
    {
        using var scratch = new Scratch();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => scratch.File.ChangeAsync(
            table => new IdentityTable(table.Identities.Append(Scratch.Identity($"gw-{i}"))),
            CancellationToken.None))));

        Assert.Equal(20, scratch.File.Read().Identities.Count);
    }

    [Fact]
    public async Task Only_its_owner_reads_it()
    {
        using var scratch = new Scratch();
        await scratch.PutAsync(Scratch.Identity("gw-1"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch.File.Path));
        }
    }

    [Fact]
    public async Task A_change_that_would_make_a_fault_is_refused_and_nothing_is_written()
    {
        using var scratch = new Scratch();
        await scratch.PutAsync(Scratch.Identity("gw-1"));

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => scratch.PutAsync(Scratch.Identity("a b")));

        Assert.Contains("the file is as it was", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("gw-1", scratch.File.Read().Identities.Single().Name);
    }

    private static IdentityFile Open(FaultyFileSystem disk) => new(disk, "/access", new HurriedTime());

    /// <summary>Operations done; -1 when it crashed behind the first write.</summary>
    private static async Task<int> WriteTwiceAsync(FaultyFileSystem disk, int crashAt)
    {
        if (crashAt > 0)
        {
            disk.FailAt(crashAt, FaultKind.Crash);
        }

        bool hasOld = false;
        try
        {
            IdentityFile file = Open(disk);
            await file.ChangeAsync(_ => Old, CancellationToken.None);
            hasOld = true;
            await file.ChangeAsync(_ => New, CancellationToken.None);
        }
        catch (IOException) when (crashAt > 0)
        {
            return hasOld ? -1 : 0;
        }

        return disk.OperationCount;
    }
}
