using System.Globalization;
using Telemetry.Spool;

namespace Telemetry.Ingestion.Tests;

/// <summary>A sender that does not stop while the mapping changes again and again.</summary>
public sealed class SiteChangeUnderLoadTests : IDisposable
{
    private const int MessageCount = 100_000;
    private const int ChangeCount = 20;
    private const int MessagesPerSite = MessageCount / (ChangeCount + 1);
    private const int BlockMessages = 50;
    private readonly SiteRig _rig = new(SiteOf(0));
    private readonly List<(long From, string Measurement)> _inForce = [(0, MeasurementOf(0))];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Each_message_is_decoded_by_the_site_in_force_at_its_offset_whoever_decodes_it_and_when()
    {
        int sent = 0;
        int changes = 0;
        Task sending = Task.Run(async () =>
        {
            while (sent < MessageCount)
            {
                // Half a site's messages ahead of the changes: it never rests while one is made, and none is without.
                while (sent >= (Volatile.Read(ref changes) + 1.5) * MessagesPerSite && changes < ChangeCount)
                {
                    await Task.Yield();
                }

                await AppendAsync(sent);
                Volatile.Write(ref sent, sent + BlockMessages);
            }
        });
        Task<List<(long Offset, string Measurement)>> reading = Task.Run(() => ReadAllAsync(sending));
        for (int change = 1; change <= ChangeCount; change++)
        {
            while (Volatile.Read(ref sent) < change * MessagesPerSite)
            {
                await Task.Yield();
            }

            _rig.WriteOwn(SiteOf(change));
            SiteReload answer = await _rig.ReloadAsync();
            Assert.Equal(SiteReloadOutcome.Changed, answer.Outcome);
            _inForce.Add((answer.Offset, MeasurementOf(change)));
            Volatile.Write(ref changes, change);
        }

        await sending;
        List<(long Offset, string Measurement)> atTail = await reading;
        Check(atTail);
        Assert.Equal(atTail, _rig.ReadFrom(0)); // lagging

        long third = atTail[MessageCount / 3].Offset;
        _rig.WriteOwn(SiteOf(ChangeCount + 1)); // while the service is down
        _rig.Restart();
        Check(_rig.ReadFrom(0));
        _rig.Crash();
        Assert.Equal(atTail.Where(message => message.Offset >= third), _rig.ReadFrom(third));
    }

    private static string MeasurementOf(int change) => string.Create(CultureInfo.InvariantCulture, $"m{change}");

    private static string SiteOf(int change) =>
        $"site: mine\nroutes:\n  - {{name: all, topic: \"#\", decoder: json, measurement: {MeasurementOf(change)}}}\n";

    private void Check(List<(long Offset, string Measurement)> messages)
    {
        Assert.Equal(MessageCount, messages.Count);
        foreach ((long offset, string measurement) in messages)
        {
            string expected = _inForce.Last(site => site.From <= offset).Measurement;
            Assert.True(expected == measurement, $"at {offset}: expected {expected}, found {measurement}");
        }

        int used = messages.Select(message => message.Measurement).Distinct().Count();
        Assert.Equal(ChangeCount + 1, used);
    }

    private async Task AppendAsync(int first)
    {
        byte[] block =
        [
            .. Enumerable.Range(first, BlockMessages).SelectMany(i => TestLog.Record(
                RecordKind.Publish, "plant/a", $"{{\"v\":{i}}}", "gw-1", lane: 0, arrival: 1_000 + i)),
        ];
        while (_rig.Log.Log.TryAppend(block, listener: null, out _) != AppendOutcome.Appended)
        {
            await _rig.Log.Log.WaitForRoomAsync(CancellationToken.None);
        }
    }

    private async Task<List<(long Offset, string Measurement)>> ReadAllAsync(Task sending)
    {
        var read = new List<(long, string)>();
        LaggingDecoder lagging = _rig.Decoded.OpenLagging();
        long position = 0;
        while (read.Count < MessageCount && !sending.IsFaulted)
        {
            using BatchLease? lease = _rig.Decoded.TryNext(position, lagging);
            if (lease is null)
            {
                await _rig.Log.Log.WaitForCommitAsync(position, CancellationToken.None);
                continue;
            }

            foreach (Model.PointEntry point in lease.Batch.Points)
            {
                long offset = lease.Batch.Records[point.Record].Offset;
                read.Add((offset, _rig.Catalogue.SeriesAt(point.SeriesId).Measurement));
            }

            position = lease.Batch.EndOffset;
        }

        return read;
    }
}
