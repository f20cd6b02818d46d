namespace Telemetry.Recognition;

/// <summary>All formats that are known by name; clues decide, not the order.</summary>
internal static class KnownFormats
{
    public static IReadOnlyList<KnownFormat> All { get; } =
    [
        .. LorawanFormats.All,
        .. SparkplugFormats.All,
        .. PlcGatewayFormats.All,
        .. OpcUaFormats.All,
        .. PlatformFormats.All,
        .. DeviceFormats.All,
        .. PlainFormats.All,
    ];
}
