namespace Telemetry.Rehearsal;

/// <summary>
/// What telling of each row of one file is worth, whichever detector tells: early in a window much, after its end ever
/// less, far from all windows −1.
/// </summary>
public sealed class NabWeights
{
    private const double ProbationShare = 0.15;
    private const int ProbationMax = 750; // of 5,000 rows
    private const double Steepness = 5;
    private const double FarAfter = 3; // lengths of a window

    /// <param name="rowCount">Rows of the file.</param>
    /// <param name="windows">First and last row of each window, ascending.</param>
    public NabWeights(int rowCount, IReadOnlyList<(int First, int Last)> windows)
    {
        Weights = new double[rowCount];
        Windows = new int[rowCount];
        WindowCount = windows.Count;
        Probation = Math.Min((int)(ProbationShare * rowCount), ProbationMax);
        Array.Fill(Weights, -1);
        Array.Fill(Windows, -1);
        for (int window = 0; window < windows.Count; window++)
        {
            int end = window + 1 < windows.Count ? windows[window + 1].First : rowCount;
            Weigh(window, windows[window], end);
        }

        ScoredWindowCount = Windows.Skip(Probation).Where(window => window >= 0).Distinct().Count();
    }

    /// <summary>Rows at the start that are not scored.</summary>
    public int Probation { get; }

    /// <summary>Weight of each row.</summary>
    public double[] Weights { get; }

    /// <summary>The window that each row is in; −1 for none.</summary>
    public int[] Windows { get; }

    /// <summary>All windows.</summary>
    public int WindowCount { get; }

    /// <summary>Windows that reach beyond the probation.</summary>
    public int ScoredWindowCount { get; }

    private void Weigh(int window, (int First, int Last) rows, int end)
    {
        double length = rows.Last - rows.First + 1;
        for (int row = rows.First; row <= rows.Last; row++)
        {
            Windows[row] = window;
            Weights[row] = Sigmoid(-(rows.Last - row + 1) / length) / Sigmoid(-1);
        }

        for (int row = rows.Last + 1; row < end; row++)
        {
            Weights[row] = Sigmoid((row - rows.Last) / (length - 1));
        }
    }

    private static double Sigmoid(double position) =>
        position > FarAfter ? -1 : (2 / (1 + Math.Exp(Steepness * position))) - 1;
}
