namespace Telemetry.Access.Tests;

public sealed class IdentityWatchTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Scratch _scratch = new();
    private readonly RecordingLog<IdentityWatch> _log = new();
    private readonly List<string> _withdrawn = [];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_new_identity_is_in_force_a_second_after_it_was_written()
    {
        using IdentityWatch watch = Open();
        Assert.Empty(watch.Current.Identities);

        await _scratch.PutAsync(Scratch.Identity("gw-1"));
        _scratch.Time.Advance(Second);

        Assert.NotNull(watch.Current.Find("gw-1"));
        Assert.Empty(_withdrawn);
    }

    [Fact]
    public async Task Who_is_revoked_removed_or_given_another_password_is_withdrawn()
    {
        await _scratch.PutAsync(
            Scratch.Identity("revoked"),
            Scratch.Identity("removed"),
            Scratch.Identity("rotated"),
            Scratch.Identity("same"));
        using IdentityWatch watch = Open();
        GatewayIdentity same = watch.Current.Find("same")!;
        await _scratch.PutAsync(
            watch.Current.Find("revoked")! with { Revoked = _scratch.Time.GetUtcNow() },
            Scratch.Identity("rotated", "another"),
            same with { Publish = ["elsewhere/#"] });
        _scratch.Time.Advance(Second);

        Assert.Equal(["removed", "revoked", "rotated"], _withdrawn.Order());
    }

    [Fact]
    public async Task A_file_with_a_fault_is_refused_once_and_the_old_identities_stay()
    {
        await _scratch.PutAsync(Scratch.Identity("gw-1"));
        using IdentityWatch watch = Open();
        await File.WriteAllTextAsync(_scratch.File.Path, """{"version":1,"identities":[{"name":"a b"}]}""");
        _scratch.Time.Advance(10 * Second);

        Assert.NotNull(watch.Current.Find("gw-1"));
        string line = Assert.Single(_log.Lines);
        Assert.Contains("Error: cannot take the identities", line, StringComparison.Ordinal);
        Assert.Contains("'a b' is no name", line, StringComparison.Ordinal);
        Assert.Empty(_withdrawn);
    }

    [Fact]
    public async Task A_fault_at_the_start_is_thrown()
    {
        await File.WriteAllTextAsync(_scratch.File.Path, "{");
        Assert.Throws<InvalidDataException>(() => Open().Dispose());
    }

    private IdentityWatch Open()
    {
        var watch = new IdentityWatch(_scratch.File, _scratch.Time, _log);
        watch.Withdrawn += _withdrawn.Add;
        return watch;
    }
}
