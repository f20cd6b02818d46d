using System.Buffers;
using System.Text;
using Telemetry.Buffers;
using Telemetry.Detection.Assets;
using Telemetry.Model;

namespace Telemetry.Detection;

/// <summary>
/// Detector state as bytes, version 6, little-endian; docs/detection/state.md draws it. Fields are named by series key
/// and field name, since identities do not survive a restart. Whoever keeps the bytes guards them by a checksum.
/// </summary>
internal static class DetectorStateFormat
{
    private const int Magic = 0x53_54_45_44; // "DETS"
    private const ushort Version = 6;
    private const ushort VersionWithoutLateness = 1;
    private const ushort VersionWithoutAnomalies = 2;
    private const ushort VersionWithoutGroups = 3;
    private const ushort VersionWithoutVerdicts = 4;
    private const ushort VersionWithoutRelations = 5;

    public static void Write(
        IBufferWriter<byte> target,
        WatchTable table,
        in LaneClock clock,
        LatenessWatch lateness,
        AnomalyWatches anomalies,
        RelationWatches relations,
        SeriesCatalogue catalogue)
    {
        var writer = new StateWriter(target);
        writer.Int32(Magic);
        writer.UInt16(Version);
        writer.Int64(clock.Now);
        writer.Int64(clock.Listening);
        writer.Int64(clock.CurrentSecond);
        writer.Int32(table.Count);
        for (int slot = 0; slot < table.Count; slot++)
        {
            ref readonly FieldWatch watch = ref table.Watches[slot];
            Field field = catalogue.FieldAt(watch.FieldId);
            writer.Block(field.Series.Key.Span);
            writer.Block(field.KeyBytes.Span);
            writer.Byte((byte)field.Type);
            writer.Text(watch.SignalId);
            writer.Int64(watch.LastTime);
            Write(writer, table.Limits[slot]);
            Write(writer, table.Rates[slot]);
            Write(writer, table.Flatlines[slot]);
            Write(writer, table.Silences[slot]);
            writer.Flag(table.Ranges[slot].IsOn);
            writer.Byte(table.Ranges[slot].ContraryCount);
            writer.Flag(table.Anomalies[slot] is not null);
            table.Anomalies[slot]?.Save(writer);
            writer.Flag(table.Silences[slot].IsOfGateway);
            writer.Int64(table.Silences[slot].GapEnd);
            writer.Int64(watch.UnusualMinute);
        }

        lateness.Save(writer);
        anomalies.Save(writer);
        relations.Save(writer);
    }

    public static RestoreOutcome Read(
        ReadOnlySpan<byte> saved,
        SeriesCatalogue catalogue,
        out WatchTable table,
        out LaneClock clock,
        out LatenessWatch lateness,
        out AnomalyWatches anomalies,
        out RelationWatches relations)
    {
        table = new WatchTable();
        lateness = new LatenessWatch(catalogue);
        anomalies = new AnomalyWatches(table);
        relations = new RelationWatches(table, catalogue);
        var reader = new StateReader(saved);
        RestoreOutcome outcome = ReadHead(ref reader, out clock, out int count, out ushort version);
        for (int i = 0; i < count && outcome is RestoreOutcome.Restored or RestoreOutcome.RestoredInPart; i++)
        {
            RestoreOutcome one = ReadField(ref reader, version, clock.Minute, catalogue, table);
            outcome = one == RestoreOutcome.Restored ? outcome : one;
        }

        if (outcome is RestoreOutcome.Restored or RestoreOutcome.RestoredInPart
            && (version == VersionWithoutLateness || lateness.TryRestore(ref reader))
            && (version <= VersionWithoutAnomalies || anomalies.TryRestore(ref reader))
            && (version <= VersionWithoutRelations || relations.TryRestore(ref reader))
            && reader.RestBytes == 0)
        {
            return outcome;
        }

        table = new WatchTable();
        lateness = new LatenessWatch(catalogue);
        anomalies = new AnomalyWatches(table);
        relations = new RelationWatches(table, catalogue);
        clock = default;
        return outcome == RestoreOutcome.UnknownVersion ? outcome : RestoreOutcome.Malformed;
    }

    private static RestoreOutcome ReadHead(
        ref StateReader reader, out LaneClock clock, out int count, out ushort version)
    {
        bool isOurs = reader.Int32() == Magic;
        version = reader.UInt16();
        clock = new LaneClock
        {
            Now = reader.Int64(),
            Listening = reader.Int64(),
            CurrentSecond = reader.Int64(),
        };
        count = reader.Int32();
        if (isOurs && version > Version)
        {
            return RestoreOutcome.UnknownVersion;
        }

        bool isWhole = isOurs && version != 0 && !reader.IsFailed && count >= 0 && clock.Now >= 0;
        return isWhole ? RestoreOutcome.Restored : RestoreOutcome.Malformed;
    }

    private static RestoreOutcome ReadField(
        ref StateReader reader, ushort version, long minute, SeriesCatalogue catalogue, WatchTable table)
    {
        ReadOnlySpan<byte> series = reader.Block();
        ReadOnlySpan<byte> name = reader.Block();
        byte type = reader.Byte();
        ReadOnlySpan<byte> signalId = reader.Block();
        long lastTime = reader.Int64();
        LimitState limits = ReadLimits(ref reader);
        RateState rate = ReadRate(ref reader);
        FlatlineState flatline = ReadFlatline(ref reader);
        SilenceState silence = ReadSilence(ref reader);
        RangeState range = default;
        AnomalyWatch? anomaly = null;
        if (version > VersionWithoutAnomalies)
        {
            range = new RangeState { IsOn = reader.Flag(), ContraryCount = reader.Byte() };
            anomaly = reader.Flag() ? AnomalyWatch.Restore(ref reader, version > VersionWithoutVerdicts) : null;
        }

        long unusualMinute = 0;
        if (version > VersionWithoutGroups)
        {
            silence.IsOfGateway = reader.Flag();
            silence.GapEnd = reader.Int64();
            unusualMinute = Math.Clamp(reader.Int64(), 0, Math.Max(0, minute));
        }

        if (reader.IsFailed || type > (byte)FieldType.String || !IsSane(rate))
        {
            return RestoreOutcome.Malformed;
        }

        InternOutcome outcome =
            catalogue.TryIntern(series, Encoding.UTF8.GetString(name), (FieldType)type, out Field? field);
        if (outcome != InternOutcome.Interned)
        {
            return RestoreOutcome.RestoredInPart;
        }

        if (table.Find(field!.Id) >= 0)
        {
            return RestoreOutcome.Malformed;
        }

        int slot = table.Add(field.Id);
        table.Watches[slot].SignalId = Encoding.UTF8.GetString(signalId);
        table.Watches[slot].LastTime = lastTime;
        table.Watches[slot].UnusualMinute = unusualMinute;
        table.Limits[slot] = limits;
        table.Rates[slot] = rate;
        table.Flatlines[slot] = flatline;
        table.Silences[slot] = silence;
        table.Ranges[slot] = range;
        if (anomaly is not null)
        {
            table.Restore(slot, anomaly);
        }

        return RestoreOutcome.Restored;
    }

    /// <summary>The ring's numbers index an array, so they are not taken on trust.</summary>
    private static bool IsSane(in RateState rate) =>
        rate.AnchorCount <= RateDetector.AnchorCountMax && rate.Newest < RateDetector.AnchorCountMax;

    private static void Write(StateWriter writer, in DelayedSwitch one)
    {
        writer.Flag(one.IsOn);
        writer.Flag(one.IsPending);
        writer.Int64(one.Since);
    }

    private static DelayedSwitch ReadSwitch(ref StateReader reader) =>
        new() { IsOn = reader.Flag(), IsPending = reader.Flag(), Since = reader.Int64() };

    private static void Write(StateWriter writer, in LimitState state)
    {
        foreach (ref readonly DelayedSwitch one in state.Switches)
        {
            Write(writer, one);
        }
    }

    private static LimitState ReadLimits(ref StateReader reader)
    {
        var state = default(LimitState);
        for (int i = 0; i < LimitDetector.KindCount; i++)
        {
            state.Switches[i] = ReadSwitch(ref reader);
        }

        LimitDetector.Settle(ref state);
        return state;
    }

    private static void Write(StateWriter writer, in RateState state)
    {
        Write(writer, state.Switch);
        writer.Double(state.Previous);
        writer.Double(state.BeforePrevious);
        writer.Byte(state.PreviousCount);
        writer.Byte(state.AnchorCount);
        writer.Byte(state.Newest);
        foreach (ref readonly RateAnchor anchor in state.Anchors)
        {
            writer.Int64(anchor.Time);
            writer.Double(anchor.Value);
        }
    }

    private static RateState ReadRate(ref StateReader reader)
    {
        var state = new RateState
        {
            Switch = ReadSwitch(ref reader),
            Previous = reader.Double(),
            BeforePrevious = reader.Double(),
            PreviousCount = reader.Byte(),
            AnchorCount = reader.Byte(),
            Newest = reader.Byte(),
        };
        for (int i = 0; i < RateDetector.AnchorCountMax; i++)
        {
            state.Anchors[i] = new RateAnchor { Time = reader.Int64(), Value = reader.Double() };
        }

        return state;
    }

    private static void Write(StateWriter writer, in FlatlineState state)
    {
        writer.Flag(state.IsOn);
        writer.Byte(state.EqualCount);
        writer.Double(state.Value);
        writer.Int64(state.Since);
    }

    private static FlatlineState ReadFlatline(ref StateReader reader) => new()
    {
        IsOn = reader.Flag(),
        EqualCount = reader.Byte(),
        Value = reader.Double(),
        Since = reader.Int64(),
    };

    private static void Write(StateWriter writer, in SilenceState state)
    {
        writer.Flag(state.IsHeard);
        writer.Flag(state.IsOn);
        writer.Int64(state.LastHeard);
        writer.Int64(state.Span);
    }

    private static SilenceState ReadSilence(ref StateReader reader) => new()
    {
        IsHeard = reader.Flag(),
        IsOn = reader.Flag(),
        LastHeard = reader.Int64(),
        Span = reader.Int64(),
    };
}
