using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion.Tests;

public sealed class QuarantineTests : IDisposable
{
    private readonly TestLog _log = new();
    private readonly TestLog _kept = new("/quarantine");

    public void Dispose()
    {
        _log.Dispose();
        _kept.Dispose();
    }

    [Fact]
    public async Task A_message_that_cannot_be_decoded_is_kept_with_its_reason()
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("t", "m v=1 1");
        long offset = await _log.AppendAsync("mine/x", "m v=1 1\nm v=", client: "gw-7");
        Assert.True(quarantine.TryTake(Decoded()));
        await quarantine.CommitAsync(TimeProvider.System);
        QuarantineEntry entry = Assert.Single(quarantine.Reader.List(new()));
        Assert.Equal(
            (offset, "gw-7", "mine/x", 12, "m v=1 1\nm v="),
            (entry.Id, entry.Client, entry.Topic, entry.PayloadBytes, entry.PayloadStart));
        Assert.Equal(FaultReasonText.Of(FaultReason.MissingFieldValue), entry.Reason);
        Assert.Equal(_kept.Log.AppendedOffset, _kept.Log.DurableOffset);
    }

    [Fact]
    public async Task A_replay_keeps_nothing_twice()
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("t", "m v=");
        await _log.AppendAsync("t", "m w=");
        Assert.True(quarantine.TryTake(Decoded()));
        Assert.True(quarantine.TryTake(Decoded()));
        await quarantine.CommitAsync(TimeProvider.System);
        Assert.Equal(2, quarantine.Count);
        Assert.Equal(["m w=", "m v="], quarantine.Reader.List(new()).Select(entry => entry.PayloadStart));
    }

    [Fact]
    public async Task What_is_kept_survives_reopening_and_is_not_kept_again()
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("t", "m v=");
        Assert.True(quarantine.TryTake(Decoded()));
        await quarantine.CommitAsync(TimeProvider.System);
        IReadOnlyList<QuarantineEntry> before = quarantine.Reader.List(new());
        _kept.Reopen();

        Quarantine again = Open();
        Assert.Equal(before, again.Reader.List(new()));
        await _log.AppendAsync("t", "m w=");
        Assert.True(again.TryTake(Decoded()));
        await again.CommitAsync(TimeProvider.System);
        Assert.Equal(["m w=", "m v="], again.Reader.List(new()).Select(entry => entry.PayloadStart));
    }

    [Fact]
    public async Task Only_the_start_of_a_long_payload_is_listed()
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("t", "m " + new string('x', 500));
        Assert.True(quarantine.TryTake(Decoded()));
        await quarantine.CommitAsync(TimeProvider.System);
        QuarantineEntry entry = Assert.Single(quarantine.Reader.List(new()));
        Assert.Equal((502, 120), (entry.PayloadBytes, entry.PayloadStart.Length));
    }

    [Theory]
    [InlineData("m v=1 1", "m v=t 2\nm w=5 2", "expected float, found boolean, field \"v\" of series \"m\"")]
    [InlineData("m v=t 1", "m v=1 2\nm w=5 2", "expected boolean, found float, field \"v\" of series \"m\"")]
    [InlineData("m v=1i 1", "m v=\"x\" 2\nm w=5 2", "expected integer, found string, field \"v\" of series \"m\"")]
    [InlineData(
        "CR1,asset=CR-201 motor_current=1 1",
        "CR1,asset=CR-201 motor_current=\"on\" 2\nm w=5 2",
        "expected float, found string, field \"motor_current\" of series \"CR1,asset=CR-201\"")]
    public async Task A_field_of_another_type_keeps_its_message_and_the_good_points_beside_it(
        string first, string second, string detail)
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("t", first);
        await _log.AppendAsync("t", second);
        PointBatch batch = Decoded();
        Assert.True(quarantine.TryTake(batch));
        await quarantine.CommitAsync(TimeProvider.System);
        Assert.Equal(2, batch.Points.Length);
        QuarantineEntry entry = Assert.Single(quarantine.Reader.List(new()));
        Assert.Equal(($"field type differs: {detail}", second), (entry.Reason, entry.PayloadStart));

        _kept.Reopen();
        Assert.Equal(entry, Assert.Single(Open().Reader.List(new())));
    }

    [Fact]
    public async Task A_record_without_a_detail_is_read_as_before()
    {
        byte[] message = TestLog.Record(RecordKind.Publish, "t", "m v=", "gw-1", 0, 9)[Spool.SpoolRecord.HeaderBytes..];
        byte[] prefix = [7, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, (byte)FaultReason.MissingFieldValue];
        byte[] record = [.. new byte[Spool.SpoolRecord.HeaderBytes], .. prefix, .. message];
        Spool.SpoolRecord.Seal(record, (byte)RecordKind.Publish, 0, 9);
        _kept.Log.TryAppend(record, null, out long end);
        await _kept.Log.WaitForCommitAsync(end - 1, CancellationToken.None);

        QuarantineEntry entry = Assert.Single(Open().Reader.List(new()));
        Assert.Equal((7, 4, "missing field value", "m v="),
            (entry.Id, entry.FaultOffset, entry.Reason, entry.PayloadStart));
    }

    [Fact]
    public async Task The_log_hears_of_one_message_per_client_and_kind_in_a_minute()
    {
        var lines = new RecordedLog();
        var quarantine = new Quarantine(_log.Log, _kept.Log, lines);
        for (int i = 0; i < 5; i++)
        {
            await _log.AppendAsync("t", "m v=", "gw-1");
            await _log.AppendAsync("t", "m v=", "gw-2");
        }

        await _log.AppendAsync("t", "m", "gw-1");
        Assert.True(quarantine.TryTake(Decoded()));
        Assert.Equal((11, 3), (quarantine.Count, lines.Lines.Count));

        _log.Arrival += 60_000_000_000;
        await _log.AppendAsync("t", "m v=", "gw-1");
        Assert.True(quarantine.TryTake(Decoded()));
        Assert.Equal(4, lines.Lines.Count);
        Assert.Contains("12 in quarantine now, 4 of this client and kind", lines.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_its_ceiling_messages_are_counted_and_hold_nobody_up()
    {
        Quarantine quarantine = Open(bytesMax: 200);
        await _log.AppendAsync("t", "m v=");
        await _log.AppendAsync("t", "m " + new string('x', 500));
        await _log.AppendAsync("t", "m w=");
        Assert.True(quarantine.TryTake(Decoded()));
        Assert.Null(await quarantine.CommitAsync(TimeProvider.System));
        Assert.Equal(["m w=", "m v="], quarantine.Reader.List(new()).Select(entry => entry.PayloadStart));
        Assert.Equal(1, quarantine.Refused);
        Assert.True(quarantine.TryTake(Decoded()));
        Assert.Equal(1, quarantine.Refused);
    }

    [Fact]
    public async Task Beyond_so_many_messages_further_ones_are_counted()
    {
        var quarantine = new Quarantine(_log.Log, _kept.Log, NullLogger.Instance, messagesMax: 2);
        foreach (string payload in (string[])["m a=", "m b=", "m c="])
        {
            await _log.AppendAsync("t", payload);
        }

        Assert.True(quarantine.TryTake(Decoded()));
        Assert.Equal((2, 1), (quarantine.Count, quarantine.Refused));
    }

    [Fact]
    public async Task A_message_is_kept_with_decoder_route_and_version()
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("t", "m v=");
        Assert.True(quarantine.TryTake(Decoded()));
        await quarantine.CommitAsync(TimeProvider.System);
        QuarantineEntry entry = Assert.Single(quarantine.Reader.List(new()));
        Assert.Equal(("line-protocol", "route #"), (entry.Decoder, entry.Route));
        Assert.Matches("^[0-9.]+-[0-9a-f]{8}$", entry.Version);
        Assert.Equal(RouteVersion.Of(SmallMine.Route()), entry.Version);
        Assert.NotEqual(RouteVersion.Of(SmallMine.Route() with { Precision = TimePrecision.Seconds }), entry.Version);
    }

    [Fact]
    public async Task A_list_is_filtered_and_paged()
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("mill/1", "m a=", client: "gw-1");
        await _log.AppendAsync("mill/2", "m", client: "gw-2");
        _log.Arrival += 5_000;
        await _log.AppendAsync("pump/1", "m c=", client: "gw-1");
        Assert.True(quarantine.TryTake(Decoded()));
        await quarantine.CommitAsync(TimeProvider.System);

        Check(new QuarantineFilter { Topic = "mill/+" }, "m", "m a=");
        Check(new QuarantineFilter { Client = "gw-1" }, "m c=", "m a=");
        Check(new QuarantineFilter { Code = "missingfields" }, "m");
        Check(new QuarantineFilter { From = 5_000 }, "m c=");
        Check(new QuarantineFilter { To = 5_000 }, "m", "m a=");
        Check(new QuarantineFilter { State = QuarantineState.Waiting }, "m c=", "m", "m a=");
        Check(new QuarantineFilter { State = QuarantineState.Resolved });
        QuarantineEntry newest = Assert.Single(quarantine.Reader.List(new(), limit: 1));
        Assert.Equal(
            ["m", "m a="], quarantine.Reader.List(new(), before: newest.Id).Select(entry => entry.PayloadStart));
        Assert.Equal(
            ["m a=", "m", "m c="], quarantine.Reader.Export(new()).Select(kept => SmallMine.Text(kept.Payload)));

        void Check(QuarantineFilter filter, params string[] payloads) =>
            Assert.Equal(payloads, quarantine.Reader.List(filter).Select(entry => entry.PayloadStart));
    }

    [Fact]
    public async Task Groups_count_by_gateway_and_reason()
    {
        Quarantine quarantine = Open();
        await _log.AppendAsync("a", "m v=", client: "gw-1");
        await _log.AppendAsync("b", "m v=", client: "gw-1");
        await _log.AppendAsync("c", "m", client: "gw-1");
        Assert.True(quarantine.TryTake(Decoded()));
        Assert.Equal(
            [("gw-1", "MissingFieldValue", 2, "b"), ("gw-1", "MissingFields", 1, "c")],
            quarantine.Reader.Groups().Select(one => (one.Gateway, one.Code, (int)one.Waiting, one.LastTopic)));
    }

    [Fact]
    public async Task While_its_disk_takes_nothing_a_batch_is_to_be_offered_again()
    {
        Quarantine quarantine = Open();
        _kept.Files.CapacityBytes = 0;
        await _log.AppendAsync("t", "m v=");
        Assert.True(quarantine.TryTake(Decoded())); // into memory; only its commit finds the disk full
        Assert.NotNull(await quarantine.CommitAsync(TimeProvider.System));
        await _log.AppendAsync("t", "m w=");
        Assert.False(quarantine.TryTake(Decoded()));

        _kept.Files.CapacityBytes = long.MaxValue;
        await _kept.Log.WaitForRoomAsync(CancellationToken.None);
        Assert.True(quarantine.TryTake(Decoded()));
        Assert.Null(await quarantine.CommitAsync(TimeProvider.System));
        Assert.Equal(["m w=", "m v="], quarantine.Reader.List(new()).Select(entry => entry.PayloadStart));
        Assert.Equal(0, quarantine.Refused);
    }

    private PointBatch Decoded()
    {
        var context = new DecodingContext(
            SmallMine.With(SmallMine.Route()), new SeriesCatalogue(), new UnboundNames(), long.MaxValue);
        var batch = new PointBatch();
        using Spool.SpoolReader reader = _log.Log.OpenReader(0);
        new RecordDecoder(context, metrics: null).TryFill(batch, reader, long.MaxValue);
        return batch;
    }

    private Quarantine Open(long bytesMax = IngestionLimits.QuarantineBytesMax) =>
        new(_log.Log, _kept.Log, NullLogger.Instance, bytesMax);
}
