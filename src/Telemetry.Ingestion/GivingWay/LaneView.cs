using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What gave way in one lane since the service started.</summary>
/// <param name="Name">The lane.</param>
/// <param name="WhenFull">What the site says of it: <c>refuse</c>, <c>drop-oldest</c> or <c>thin</c>.</param>
/// <param name="DroppedMessages">Messages.</param>
/// <param name="DroppedBytes">Bytes of their records.</param>
/// <param name="LastDropMilliseconds">When the last went, since 1970; 0: never.</param>
/// <param name="IsDropping">Whether some went lately.</param>
public sealed record LaneView(
    string Name, string WhenFull, long DroppedMessages, long DroppedBytes, long LastDropMilliseconds, bool IsDropping)
{
    /// <summary>The policy as the site file writes it.</summary>
    public static string NameOf(WhenFull policy) => policy switch
    {
        Model.WhenFull.DropOldest => "drop-oldest",
        Model.WhenFull.Thin => "thin",
        _ => "refuse",
    };
}
