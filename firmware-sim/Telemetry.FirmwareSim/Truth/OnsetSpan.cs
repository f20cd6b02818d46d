namespace Telemetry.FirmwareSim;

/// <summary>From when to when an onset may last.</summary>
/// <param name="Scale">Its time scale.</param>
/// <param name="SecondsMin">Shortest onset.</param>
/// <param name="SecondsMax">Longest onset.</param>
public readonly record struct OnsetSpan(OnsetScale Scale, double SecondsMin, double SecondsMax)
{
    private const double Minute = 60;
    private const double Hour = 60 * Minute;
    private const double Day = 24 * Hour;

    /// <summary>At once, or within a number of seconds.</summary>
    public static OnsetSpan Instant(double secondsMax = 0) => new(OnsetScale.Instant, 0, secondsMax);

    /// <summary>Minutes.</summary>
    public static OnsetSpan Minutes(double min, double max) => new(OnsetScale.Minutes, min * Minute, max * Minute);

    /// <summary>Hours.</summary>
    public static OnsetSpan Hours(double min, double max) => new(OnsetScale.Hours, min * Hour, max * Hour);

    /// <summary>Days.</summary>
    public static OnsetSpan Days(double min, double max) => new(OnsetScale.Days, min * Day, max * Day);

    /// <summary>Weeks.</summary>
    public static OnsetSpan Weeks(double min, double max) => new(OnsetScale.Weeks, min * 7 * Day, max * 7 * Day);
}
