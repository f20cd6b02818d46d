namespace Telemetry.Ingestion.Tests;

public sealed class SiteChangerTests : IDisposable
{
    private const string Mill = "routes:\n  - {name: mill, topic: mill/#, decoder: json, measurement: mill}\n";
    private const string PumpSite = "site: mine\nequipment:\n  PU: {signals: {flow: {unit: m3/h, range: [0, 90]}}}\n"
        + "assets:\n  - {id: PU-7, type: PU}\n";

    private readonly SiteRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_changed_file_is_in_force_from_the_end_of_its_record_on()
    {
        await _rig.Log.AppendAsync("plant/a", "{\"v\":1}");
        _rig.WriteOwn("site: mine\nroutes:\n  - {name: all, topic: \"#\", decoder: json, measurement: other}\n");

        SiteReload answer = await _rig.ReloadAsync();
        long after = await _rig.Log.AppendAsync("plant/a", "{\"v\":1}");

        Assert.Equal(SiteReloadOutcome.Changed, answer.Outcome);
        Assert.Equal([(0, "plant"), (after, "other")], _rig.ReadFrom(0));
        Assert.Equal((answer.Hash, answer.Offset), (_rig.Changer.Status.Version.Hash, _rig.Changer.Status.Offset));
        Assert.Contains($"{answer.Hash}.yaml", _rig.Log.Files.ListFiles(SiteRig.ArchiveDirectory));
    }

    [Fact]
    public async Task Files_that_say_the_same_change_nothing()
    {
        long end = _rig.Log.Log.AppendedOffset;
        _rig.WriteOwn("site: mine\n");

        Assert.Equal(SiteReloadOutcome.Unchanged, (await _rig.ReloadAsync()).Outcome);
        Assert.Equal(end, _rig.Log.Log.AppendedOffset);
    }

    [Fact]
    public async Task Files_with_faults_change_nothing_and_are_told_until_they_are_mended()
    {
        string hash = _rig.Changer.Status.Version.Hash;
        _rig.WriteFragment("mill", "routes:\n  - {name: mill, topic: mill, decoder: xml}\n  - {name: mill}\n");

        SiteReload answer = await _rig.ReloadAsync();
        await _rig.ReloadAsync();

        Assert.Equal((SiteReloadOutcome.Refused, hash), (answer.Outcome, _rig.Changer.Status.Version.Hash));
        Assert.StartsWith($"{_rig.FragmentPath("mill")}:2:40: ", answer.Faults[0].ToString());
        Assert.Equal(0, _rig.Log.Log.AppendedOffset);
        HealthCheck health = HealthReport.Site(_rig.Changer.Status);
        Assert.Equal(HealthStatus.Warn, health.Status);
        Assert.StartsWith("the site's files are not in force, what was before them is: ", health.Message);
        Assert.EndsWith("; and 3 more", health.Message);
        Assert.Single(_rig.Lines, line => line.StartsWith("cannot change the site: ", StringComparison.Ordinal));

        _rig.WriteFragment("mill", Mill);
        Assert.Equal(SiteReloadOutcome.Changed, (await _rig.ReloadAsync()).Outcome);
        Assert.Equal(HealthStatus.Pass, HealthReport.Site(_rig.Changer.Status).Status);
        Assert.Equal((1, 2), (_rig.Changer.Changed, _rig.Changer.Refused));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_changes_nothing()
    {
        File.Delete(_rig.OwnPath);

        SiteReload answer = await _rig.ReloadAsync();

        Assert.StartsWith($"{_rig.OwnPath}:1:1: cannot read the file: ", Assert.Single(answer.Faults).ToString());
    }

    [Fact]
    public async Task The_sites_name_cannot_change_while_running_and_can_at_a_start()
    {
        _rig.WriteOwn("site: other\n");

        SiteReload answer = await _rig.ReloadAsync();
        Assert.Contains("cannot rename site \"mine\" to \"other\" now", Assert.Single(answer.Faults).Message);

        _rig.Restart();
        Assert.Equal("other", _rig.Changer.Status.Version.Catalogue.Site);
    }

    [Fact]
    public async Task A_route_that_is_added_is_a_fragment_and_in_force_when_the_answer_comes()
    {
        SiteChangeAnswer answer = await _rig.AddRouteAsync("mill", Mill);
        await _rig.Log.AppendAsync("mill/1", "{\"v\":1}");

        Assert.Equal(
            (true, $"wrote {_rig.FragmentPath("mill")}; it is in force from offset 0 on"),
            (answer.IsDone, answer.Message));
        Assert.Equal(Mill, await File.ReadAllTextAsync(_rig.FragmentPath("mill")));
        Assert.Equal("mill", Assert.Single(_rig.ReadFrom(0)).Measurement);
        Assert.Equal(SiteReloadOutcome.Unchanged, (await _rig.ReloadAsync()).Outcome);
    }

    [Theory]
    [InlineData("mill", "routes:\n  - {name: mill, topic: \"#\", decoder: json}\n", "mill.yaml:2:5: ")]
    [InlineData("mill", "routes: [", "mill.yaml:2:1: ")]
    [InlineData("../mill", Mill, "cannot add route \"../mill\": that is no file name; write up to 128 letters")]
    [InlineData("", Mill, "cannot add route \"\": that is no file name")]
    public async Task A_route_with_a_fault_leaves_no_file_and_no_warning(string name, string yaml, string fault)
    {
        SiteChangeAnswer answer = await _rig.AddRouteAsync(name, yaml);

        Assert.False(answer.IsDone);
        Assert.Contains(fault, answer.Message);
        Assert.False(Directory.Exists(_rig.Files.FragmentDirectory));
        Assert.Null(_rig.Changer.Status.Refused);
    }

    [Fact]
    public async Task A_fragment_that_is_there_is_not_written_over()
    {
        _rig.WriteFragment("mill", Mill);

        SiteChangeAnswer answer = await _rig.AddRouteAsync("mill", "routes:\n");

        Assert.Contains("it is there already; give another name", answer.Message);
        Assert.Equal(Mill, await File.ReadAllTextAsync(_rig.FragmentPath("mill")));
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_leaves_the_site_and_the_watch_tries_again()
    {
        _rig.Log.Files.CapacityBytes = 0;
        SiteChangeAnswer answer = await _rig.AddRouteAsync("mill", Mill);
        Assert.Contains("cannot put the site in force: ", answer.Message);
        Assert.False(File.Exists(_rig.FragmentPath("mill")));

        _rig.WriteFragment("mill", Mill);
        Assert.Equal(SiteReloadOutcome.Refused, (await _rig.ReloadAsync()).Outcome);
        Assert.NotNull(_rig.Changer.Status.Refused);
        _rig.Log.Files.CapacityBytes = long.MaxValue;
        var watch = new SiteWatch(_rig.Files, _rig.Changer, TimeProvider.System);
        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);

        Assert.Null(_rig.Changer.Status.Refused);
        Assert.Contains("mill", _rig.Changer.Status.Version.Catalogue.Routes.Select(route => route.Name));
    }

    [Fact]
    public async Task Files_must_rest_for_one_look_before_they_are_read()
    {
        var watch = new SiteWatch(_rig.Files, _rig.Changer, TimeProvider.System);
        await watch.LookAsync(CancellationToken.None);
        _rig.WriteOwn("site: mine\nroutes:\n");
        await watch.LookAsync(CancellationToken.None);
        _rig.WriteOwn("site: mine\nroutes: []\n");
        await watch.LookAsync(CancellationToken.None);
        Assert.Equal(0, _rig.Changer.Changed);

        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);
        Assert.Equal((1, 1), (_rig.Changer.Changed, _rig.Changer.Unchanged)); // the start was the one unchanged
    }

    [Fact]
    public async Task What_was_not_decoded_before_a_stop_is_decoded_by_the_site_of_that_time()
    {
        await _rig.Log.AppendAsync("plant/a", "{\"v\":1}");
        _rig.WriteOwn("site: mine\nroutes:\n  - {name: all, topic: \"#\", decoder: json, measurement: other}\n");
        _rig.Crash();
        long after = await _rig.Log.AppendAsync("plant/a", "{\"v\":2}");

        Assert.Equal([(0, "plant"), (after, "other")], _rig.ReadFrom(0));
        Assert.Equal(1, _rig.Changer.Changed);
        _rig.Crash();
        Assert.Equal(0, _rig.Changer.Changed);
        Assert.Equal([(0, "plant"), (after, "other")], _rig.ReadFrom(0));
    }

    [Fact]
    public async Task Lines_over_HTTP_are_checked_by_the_site_that_decodes_them()
    {
        byte[] text = SmallMine.Bytes("any,asset=PU-7 flow=\"much\" 1\n");
        Assert.Equal(HttpWriteVerdict.Accepted, (await WriteAsync(text)).Verdict);

        _rig.WriteOwn(PumpSite);
        await _rig.ReloadAsync();
        HttpWriteOutcome refused = await WriteAsync(text);

        Assert.Equal(HttpWriteVerdict.PartlyRefused, refused.Verdict);
        Assert.Contains("field type conflict: input field \"flow\"", refused.Error);
        Assert.Equal(HttpWriteVerdict.Accepted, (await WriteAsync(SmallMine.Bytes("any,asset=PU-7 flow=7 2"))).Verdict);
        Assert.Equal(["any", "PU"], _rig.ReadFrom(0).Select(message => message.Measurement));
    }

    [Fact]
    public async Task Names_that_the_old_site_did_not_know_are_listed_no_longer()
    {
        _rig.WriteOwn(PumpSite);
        await _rig.ReloadAsync();
        await _rig.Log.AppendAsync("plant/a", "{\"durchfluss\":1}");
        _rig.ReadFrom(0);
        Assert.Equal("durchfluss", Assert.Single(_rig.Unbound.Names).Field);

        await _rig.AddRouteAsync(
            "pump", "routes:\n  - {name: pump, topic: plant/a, decoder: json, bindings: {durchfluss: PU-7.flow}}\n");
        await _rig.Log.AppendAsync("plant/a", "{\"durchfluss\":1}");
        Assert.Equal(["plant", "PU"], _rig.ReadFrom(0).Select(message => message.Measurement));
        Assert.Empty(_rig.Unbound.Names);
    }

    private Task<HttpWriteOutcome> WriteAsync(byte[] lines) =>
        _rig.Http.WriteAsync("http:1", lines, Model.TimePrecision.Nanoseconds, CancellationToken.None);
}
