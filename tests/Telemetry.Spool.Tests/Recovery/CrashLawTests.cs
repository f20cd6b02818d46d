using Telemetry.Testing;

namespace Telemetry.Spool.Tests;

/// <summary>Acknowledged ⊆ recovered ⊆ appended, in order, wherever the machine stops or the disk fails.</summary>
public sealed class CrashLawTests
{
    private const int RoundCount = 24;

    [Theory]
    [InlineData(StopMode.Kill)]
    [InlineData(StopMode.PowerCut)]
    [InlineData(StopMode.PowerCutWithRemains)]
    public void A_stop_at_any_operation_and_at_any_operation_of_recovery_keeps_the_law(StopMode mode)
    {
        int operationCount = CountOperations();
        Assert.InRange(operationCount, 100, 1_000);
        for (int stopAt = 1; stopAt <= operationCount; stopAt++)
        {
            int stopAgainAfter = 1;
            while (!CheckTwoStops(stopAt, stopAgainAfter, mode))
            {
                stopAgainAfter++;
            }
        }
    }

    [Theory]
    [InlineData(FaultKind.ShortWrite, StopMode.Kill)]
    [InlineData(FaultKind.ShortWrite, StopMode.PowerCut)]
    [InlineData(FaultKind.Error, StopMode.Kill)]
    [InlineData(FaultKind.Error, StopMode.PowerCut)]
    [InlineData(FaultKind.Error, StopMode.PowerCutWithRemains)]
    public void A_fault_in_any_operation_keeps_the_law_and_intake(FaultKind kind, StopMode mode)
    {
        int operationCount = CountOperations();
        for (int failAt = 1; failAt <= operationCount; failAt++)
        {
            var files = new FaultyFileSystem(failAt);
            files.FailAt(failAt, kind);
            using var bench = new SpoolBench(files);
            RunScript(bench, 0);
            string scene = $"{kind} at operation {failAt}, then {mode}";
            Assert.Equal(SpoolStatus.Running, bench.Spool.State.Status);
            bench.CheckLaw(scene);
            bench.Dispose();
            files.Restart(mode);
            bench.Open();
            bench.CheckLaw(scene);
        }
    }

    [Theory]
    [InlineData(StopMode.Kill)]
    [InlineData(StopMode.PowerCut)]
    [InlineData(StopMode.PowerCutWithRemains)]
    public void Three_faults_in_a_row_keep_the_law(StopMode mode)
    {
        int operationCount = CountOperations();
        for (int failAt = 1; failAt <= operationCount; failAt++)
        {
            var files = new FaultyFileSystem(failAt);
            files.FailAt(failAt, FaultKind.Error);
            files.FailAt(failAt + 1, FaultKind.Error);
            files.FailAt(failAt + 2, FaultKind.Error);
            using var bench = new SpoolBench(files);
            RunScript(bench, 0);
            RestartAndGoOn(bench, mode, $"three errors from operation {failAt} on, then {mode}");
        }
    }

    [Theory]
    [InlineData(StopMode.Kill)]
    [InlineData(StopMode.PowerCut)]
    public void Any_room_on_the_disk_keeps_the_law(StopMode mode)
    {
        for (int capacity = 0; capacity < 4_000; capacity += 13)
        {
            var files = new FaultyFileSystem(capacity) { CapacityBytes = capacity };
            using var bench = new SpoolBench(files);
            RunScript(bench, 0, trims: false);
            string scene = $"room for {capacity} bytes, then {mode}";
            bench.CheckLaw(scene);
            files.CapacityBytes = long.MaxValue;
            RestartAndGoOn(bench, mode, scene);
        }
    }

    // True when the second stop came after the end of recovery, so that later ones would be no other case.
    private static bool CheckTwoStops(int stopAt, int stopAgainAfter, StopMode mode)
    {
        string scene = $"{mode} at operation {stopAt} and {stopAgainAfter} operations later";
        var files = new FaultyFileSystem(stopAt);
        files.FailAt(stopAt, FaultKind.Crash);
        using var bench = new SpoolBench(files);
        RunScript(bench, 0);
        Assert.True(files.HasCrashed, scene);
        bench.Dispose();
        files.Restart(mode);
        files.FailAt(files.OperationCount + stopAgainAfter, FaultKind.Crash);
        bool survived = TryOpen(bench);
        if (survived)
        {
            bench.CheckLaw(scene);
            // A clean cut tears nothing, so nothing is to be set aside.
            Assert.True(mode != StopMode.PowerCut || bench.Spool.Recovery.Corruptions.Count == 0, scene);
        }

        RestartAndGoOn(bench, mode, scene);
        return survived;
    }

    private static void RestartAndGoOn(SpoolBench bench, StopMode mode, string scene)
    {
        bench.Dispose();
        bench.Files.Restart(mode);
        bench.Open();
        bench.CheckLaw(scene);
        bench.CheckCursor(scene);
        long end = bench.Spool.DurableOffset;
        long acknowledged = bench.AcknowledgedOffset;
        Assert.True(end >= acknowledged, $"{scene}: the log went back from {acknowledged} to {end}");
        bench.Append(2);
        bench.Commit();
        bench.Append(1);
        bench.Commit();
        Assert.True(bench.AcknowledgedOffset > end, $"{scene}: appending does not go on");
        bench.CheckLaw(scene);
        bench.Dispose();
        bench.Files.Restart(StopMode.PowerCut);
        bench.Open();
        bench.CheckLaw(scene);
    }

    private static int CountOperations()
    {
        var files = new FaultyFileSystem(0);
        using var bench = new SpoolBench(files);
        RunScript(bench, 0);
        bench.CheckLaw("no fault");
        return files.OperationCount;
    }

    private static bool TryOpen(SpoolBench bench)
    {
        try
        {
            bench.Open();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Opens, appends, commits, moves a cursor on and trims; a disk that fails is taken as it comes.
    private static void RunScript(SpoolBench bench, int firstRound, bool trims = true)
    {
        if (!TryOpen(bench) && !TryOpen(bench))
        {
            return;
        }

        using Cursor cursor = bench.Spool.OpenCursor("store", required: true);
        if (trims)
        {
            bench.Spool.Trim();
        }

        for (int round = firstRound; round < firstRound + RoundCount; round++)
        {
            bench.Append(1 + (round % 3));
            if (round % 4 == 0)
            {
                bench.Append(1);
            }

            bench.Commit();
            if (trims && round % 5 == 4)
            {
                Advance(bench, cursor);
            }
        }
    }

    private static void Advance(SpoolBench bench, Cursor cursor)
    {
        long[] lanes = new long[SpoolRecord.LaneCount];
        Array.Fill(lanes, bench.Spool.DurableOffset);
        long before = cursor.Minimum;
        bench.ReleasedOffset = lanes[0];
        try
        {
            cursor.Advance(lanes);
            bench.CursorOffset = lanes[0];
        }
        catch (IOException)
        {
            Assert.Equal(before, cursor.Minimum);
        }
    }
}
