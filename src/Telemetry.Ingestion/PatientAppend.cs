using Telemetry.Spool;

namespace Telemetry.Ingestion;

/// <summary>Appends records that are in no hurry, and waits a little while the spool's buffers are full.</summary>
internal static class PatientAppend
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Where the record ends; null when the spool does not take it.</summary>
    public static async Task<long?> TryAsync(Spool.Spool spool, byte[] record, TimeProvider time)
    {
        AppendOutcome outcome = spool.TryAppend(record, listener: null, out long end);
        using var patience = new CancellationTokenSource(Patience, time);
        while (outcome == AppendOutcome.NoRoom && !patience.IsCancellationRequested)
        {
            try
            {
                await spool.WaitForRoomAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // The last look is below.
            }

            outcome = spool.TryAppend(record, listener: null, out end);
        }

        return outcome == AppendOutcome.Appended ? end : null;
    }
}
