using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Access.Tests;

public sealed class AuditLogTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly AccessMetrics _metrics = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task What_identities_did_stands_in_the_file_in_order()
    {
        await using (AuditLog audit = Open())
        {
            audit.OnJudged(AccessReason.Password, "gw-1", "client-1", IPAddress.Loopback);
            audit.OnJudged(AccessReason.WrongPassword, "gw-1", "client-2", null);
            audit.OnDisconnected("gw-1", "client-1", IPAddress.Loopback, "ended");
        }

        JsonElement[] lines = await LinesAsync("audit.jsonl");
        Assert.Equal(["connect", "refuse", "disconnect"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal("wrong_password", lines[1].GetProperty("reason").GetString());
        Assert.False(lines[1].TryGetProperty("address", out _));
        Assert.Equal(_scratch.Time.GetUtcNow(), lines[0].GetProperty("time").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_was_decoded_anew_stands_there_with_who_asked_and_what_came_of_it()
    {
        DateTimeOffset from = _scratch.Time.GetUtcNow();
        await using (AuditLog audit = Open())
        {
            audit.OnRedecoded(
                "bat@box from 127.0.0.1",
                new RedecodeAudit(from, from.AddDays(14), "gw-7", 41, 40, 3, 2, 1, ["aa", "bb"], "cc", null));
        }

        JsonElement line = Assert.Single(await LinesAsync("audit.jsonl"));
        Assert.Equal("redecode", line.GetProperty("event").GetString());
        Assert.Equal("bat@box from 127.0.0.1", line.GetProperty("who").GetString());
        JsonElement done = line.GetProperty("redecode");
        Assert.Equal(from.AddDays(14), done.GetProperty("to").GetDateTimeOffset());
        Assert.Equal((40, 3), (done.GetProperty("changed").GetInt64(), done.GetProperty("added").GetInt64()));
        Assert.Equal("bb", done.GetProperty("sites_then")[1].GetString());
        Assert.False(done.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task The_last_refusals_of_a_name_are_remembered_with_their_counts_and_the_oldest_makes_room()
    {
        await using AuditLog audit = Open();
        audit.OnJudged(AccessReason.Password, "gw-1", "client-1", IPAddress.Loopback);
        audit.OnJudged(AccessReason.WrongPassword, "gw-1", "client-1", IPAddress.Loopback);
        audit.OnJudged(AccessReason.WrongPassword, "gw-1", "client-1", IPAddress.Loopback);
        audit.OnJudged(AccessReason.UnknownName, "?", "gw-1", IPAddress.Loopback);
        audit.OnDenied("deny_publish", "gw-1", "client-1", "a/b");

        Assert.Equal(
            [("deny_publish", "a/b", 1L), ("unknown_name", "", 1L), ("wrong_password", "", 2L)],
            audit.Refusals.Of("gw-1").Select(refusal => (refusal.Reason, refusal.Topic, refusal.Count)));
        Assert.Empty(audit.Refusals.Of("gw-2"));
        for (int i = 0; i < AccessLimits.RecentRefusalsMax; i++)
        {
            audit.OnJudged(AccessReason.UnknownName, "?", $"stranger-{i}", null);
        }

        Assert.Empty(audit.Refusals.Of("gw-1"));
        Assert.Equal(AccessLimits.RecentRefusalsMax, audit.Refusals.Of("?").Count);
    }

    [Fact]
    public async Task A_full_file_becomes_the_old_one()
    {
        var file = new AuditFile(new DiskFileSystem(), _scratch.Directory, TimeProvider.System, bytesMax: 200);
        for (int i = 0; i < 7; i++)
        {
            await file.AppendAsync([new AuditEntry(_scratch.Time.GetUtcNow(), "add") { Identity = $"gw-{i}" }]);
        }

        Assert.Equal(["gw-4", "gw-5"], await NamesAsync("audit.1.jsonl"));
        Assert.Equal(["gw-6"], await NamesAsync("audit.jsonl"));
    }

    [Fact]
    public async Task A_denial_is_counted_each_time_and_written_once_a_minute()
    {
        await using (AuditLog audit = Open())
        {
            var denials = new DenialAudit(audit, _metrics, _scratch.Time);
            for (int i = 0; i < 3; i++)
            {
                denials.OnPublish("gw-1", "client-1", "a/b");
                denials.OnSubscribe("gw-1", "client-1", "#");
            }

            _scratch.Time.Advance(TimeSpan.FromMinutes(1));
            denials.OnPublish("gw-1", "client-1", "a/b");
        }

        Assert.Equal((4, 3), (_metrics.DeniedPublishes, _metrics.DeniedSubscribes));
        Assert.Equal(
            ["deny_publish a/b", "deny_subscribe #", "deny_publish a/b"],
            (await LinesAsync("audit.jsonl"))
                .Select(line => $"{line.GetProperty("event")} {line.GetProperty("topic")}"));
    }

    [Fact]
    public async Task A_disk_that_refuses_costs_entries_which_are_counted_and_told_once()
    {
        var disk = new FaultyFileSystem(seed: 1) { CapacityBytes = 0 };
        disk.CreateDirectory("/access");
        var log = new RecordingLog<AuditLog>();
        await using (var audit = new AuditLog(
            new AuditFile(disk, "/access", new HurriedTime()), _metrics, _scratch.Time, log))
        {
            audit.OnWithdrawn("gw-1");
        }

        Assert.Equal(1, _metrics.AuditDropped);
        Assert.Contains("cannot write the audit log", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private AuditLog Open() => new(
        new AuditFile(new DiskFileSystem(), _scratch.Directory, TimeProvider.System),
        _metrics,
        _scratch.Time,
        NullLogger<AuditLog>.Instance);

    private async Task<JsonElement[]> LinesAsync(string name) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(_scratch.Directory, name)))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private async Task<string[]> NamesAsync(string name) =>
        [.. (await LinesAsync(name)).Select(line => line.GetProperty("identity").GetString()!)];
}
