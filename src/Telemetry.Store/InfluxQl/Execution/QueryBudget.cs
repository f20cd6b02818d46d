using System.Runtime.CompilerServices;

namespace Telemetry.Store.InfluxQl;

/// <summary>What a running query has used of its <see cref="QueryLimits"/>; refuses it at the first excess.</summary>
internal sealed class QueryBudget(QueryLimits limits, TimeProvider time, CancellationToken cancellation)
{
    private readonly long _start = time.GetTimestamp();
    private long _bytes;
    private long _rows;

    /// <summary>Memory that is held now, estimated.</summary>
    public long HeldBytes => _bytes;

    /// <summary>Memory of one row, estimated: its cells, and as much again while their array grows.</summary>
    public static long RowBytes(int columnCount) => 2L * Unsafe.SizeOf<Value>() * columnCount;

    /// <summary>Refuses a query that has run out of time; asked once per block of samples or rows.</summary>
    public void CheckTime()
    {
        cancellation.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(_start) > limits.Duration)
        {
            throw new QueryRefusedException(
                $"cannot finish the query: it runs longer than {limits.Duration.TotalSeconds:0.###} s (query time "
                + "limit); ask for a shorter time range, fewer series or wider windows");
        }
    }

    /// <summary>Counts memory that is held until <see cref="Release"/> or the end of the query.</summary>
    public void Charge(long bytes)
    {
        _bytes += bytes;
        if (_bytes > limits.BytesMax)
        {
            throw new QueryRefusedException(
                $"cannot finish the query: it needs more than {limits.BytesMax} bytes of memory (query memory "
                + "limit); use LIMIT, a shorter time range, or an aggregate with GROUP BY time(…)");
        }
    }

    /// <summary>Memory that is held no more.</summary>
    public void Release(long bytes) => _bytes -= bytes;

    /// <summary>
    /// What one group needed on the way is held no more: only its rows are.
    /// </summary>
    /// <param name="before">What <see cref="HeldBytes"/> was when the group began.</param>
    /// <param name="rowCount">Rows that stay.</param>
    /// <param name="columnCount">Cells of each.</param>
    public void KeepRows(long before, int rowCount, int columnCount)
    {
        _bytes = before;
        Charge(rowCount * RowBytes(columnCount));
        ChargeRows(rowCount);
    }

    /// <summary>Counts rows of the answer.</summary>
    private void ChargeRows(long count)
    {
        _rows += count;
        if (_rows > limits.RowCountMax)
        {
            throw new QueryRefusedException(
                $"cannot finish the query: it gives more than {limits.RowCountMax} rows (query row limit); use "
                + "LIMIT, a shorter time range or wider windows");
        }
    }
}
