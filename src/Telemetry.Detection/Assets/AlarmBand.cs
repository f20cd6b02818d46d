namespace Telemetry.Detection.Assets;

/// <summary>
/// On above the limit, off well below it, and after a large fault off already when little of the fault is left: what
/// the asset comes back to is seldom what it came from to the last bit. A mutable struct of one owner.
/// </summary>
internal struct AlarmBand
{
    /// <summary>Off below this part of the limit: half the deviation, since the statistic is its square.</summary>
    public const double EndFraction = 0.25;

    /// <summary>Off below this part of what the fault showed: four tenths of its deviation.</summary>
    public const double ReturnFraction = 0.15;

    /// <summary>How fast, per row, the level follows a fault and is forgotten after it.</summary>
    public const double LevelRate = 0.02;

    /// <summary>The alarm stands.</summary>
    public bool IsOn;

    /// <summary>The statistic that the fault shows, or showed and is being forgotten; multiples of the limit.</summary>
    public double Level;

    /// <summary>Takes the statistic of one row, as a multiple of its limit.</summary>
    public void Step(double statistic)
    {
        if (IsOn)
        {
            IsOn = statistic >= Math.Max(EndFraction, ReturnFraction * Level);
            Level += LevelRate * (statistic - Level);
        }
        else if (statistic > Math.Max(1, 2 * ReturnFraction * Level))
        {
            IsOn = true;
            Level = statistic;
        }
        else
        {
            Level = Level > 1 ? Level * (1 - LevelRate) : 0; // below 1 it moves no threshold
        }
    }
}
