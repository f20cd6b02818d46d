using System.Globalization;
using System.Net;
using Telemetry.Model;

namespace Telemetry.Service;

/// <summary>A setting that cannot stand, with what to write instead.</summary>
/// <param name="Place">File and line, or the source and key.</param>
/// <param name="Message">What is wrong, and what to write.</param>
public sealed record SettingFault(string Place, string Message)
{
    public override string ToString() => $"{Place}: {Message}";
}

/// <summary>Reads and validates the settings; every fault is found in one pass.</summary>
internal static class OptionsCheck
{
    public static (ServiceOptions Options, IReadOnlyList<SettingFault> Faults) Read(IConfiguration configuration)
    {
        var options = new ServiceOptions();
        List<SettingFault> faults = [.. SettingValues.FaultsIn(configuration)];
        if (faults.Count > 0)
        {
            return (options, faults);
        }

        try
        {
            configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = false);
        }
        catch (InvalidOperationException cause)
        {
            faults.Add(new SettingFault("settings", $"{cause.Message} {cause.InnerException?.Message}".Trim()));
            return (options, faults);
        }

        faults.AddRange(UnknownKeys(configuration, typeof(ServiceOptions), ""));
        CheckAddresses(options, faults);
        CheckNumbers(options, faults);
        faults.AddRange(ListenerCheck.Faults(options.Mqtt.Listeners));
        faults.AddRange(InfluxCheck.FaultsOf(options.Influx));
        faults.AddRange(BrokerCheck.FaultsOf(options.Mqtt));
        return (options, faults);
    }

    private static void CheckAddresses(ServiceOptions options, List<SettingFault> faults)
    {
        RequireAddress("Mqtt:Address", options.Mqtt.Address, faults);
        IPAddress? http = RequireAddress("Http:Address", options.Http.Address, faults);
        if (http is not null && !IPAddress.IsLoopback(http) && options.Http.Token.Length == 0)
        {
            faults.Add(new SettingFault(
                "Http:Token",
                $"cannot listen on {options.Http.Address} without a token: anyone on the network could read and write; "
                + "set Http:Token to a long random text, or Http:Address to 127.0.0.1"));
        }
    }

    private static IPAddress? RequireAddress(string key, string value, List<SettingFault> faults)
    {
        if (IPAddress.TryParse(value, out IPAddress? address))
        {
            return address;
        }

        faults.Add(new SettingFault(key, $"'{value}' is no IP address; write one such as 127.0.0.1 or 0.0.0.0"));
        return null;
    }

    private static void CheckNumbers(ServiceOptions options, List<SettingFault> faults)
    {
        Require("Mqtt:Port", options.Mqtt.Port, 0, 65_535, faults);
        Require("Http:Port", options.Http.Port, 0, 65_535, faults);
        Require("Mqtt:ConnectionsMax", options.Mqtt.ConnectionsMax, 1, 1_000_000, faults);
        Require("Mqtt:PacketBytesMax", options.Mqtt.PacketBytesMax, 1_024, Limits.PacketBytesMaxDefault, faults);
        Require("Mqtt:ReceiveMaximum", options.Mqtt.ReceiveMaximum, 1, 65_535, faults);
        Require("Mqtt:MessagesPerSecondMax", options.Mqtt.MessagesPerSecondMax, 0, int.MaxValue, faults);
        Require("Mqtt:BytesPerSecondMax", options.Mqtt.BytesPerSecondMax, 0, long.MaxValue, faults);
        Require("Mqtt:KeepAliveSecondsMax", options.Mqtt.KeepAliveSecondsMax, 0, 65_535, faults);
        Require("Mqtt:SessionsMax", options.Mqtt.SessionsMax, 1, 1_000_000, faults);
        Require("Http:QuerySecondsMax", options.Http.QuerySecondsMax, 0.1, 86_400, faults);
        Require("Http:QueryRowsMax", options.Http.QueryRowsMax, 1, 100_000_000, faults);
        Require("Http:WriteBytesMax", options.Http.WriteBytesMax, 1_024, 1024 * 1024 * 1024, faults);
        Require("Spool:SegmentBytes", options.Spool.SegmentBytes, 1024 * 1024, 1024 * 1024 * 1024, faults);
        Require("Spool:BytesMax", options.Spool.BytesMax, 4.0 * options.Spool.SegmentBytes, double.MaxValue, faults);
        double archived = options.Spool.ArchiveBytesMax == 0 ? 0 : 4.0 * options.Spool.SegmentBytes;
        Require("Spool:ArchiveBytesMax", options.Spool.ArchiveBytesMax, archived, double.MaxValue, faults);
        Require("Spool:RehearseSyncMilliseconds", options.Spool.RehearseSyncMilliseconds, 0, 1_000, faults);
        Require("Spool:SurvivalWarningHours", options.Spool.SurvivalWarningHours, 0, 8_760, faults);
        Require("Influx:BatchBytes", options.Influx.BatchBytes, 1, 64 * 1024 * 1024, faults);
        Require("Influx:BatchSeconds", options.Influx.BatchSeconds, 0, 3_600, faults);
        Require("Influx:TimeoutSeconds", options.Influx.TimeoutSeconds, 0.1, 3_600, faults);
        Require("Influx:RetentionHours", options.Influx.RetentionHours, 0, 1_000_000, faults);
        Require("Influx:BacklogAfterSeconds", options.Influx.BacklogAfterSeconds, 0.1, 86_400, faults);
        Require("Influx:BacklogBytesPerSecond", options.Influx.BacklogBytesPerSecond, 0, long.MaxValue, faults);
        RequireStore(options.Store, faults);
        Require("Detection:LateAfterSeconds", options.Detection.LateAfterSeconds, 1, 31_536_000, faults);
        Require("Sparkplug:ReorderSeconds", options.Sparkplug.ReorderSeconds, 1, 600, faults);
        if (options.Sparkplug.HostId.Length > 0 && !BrokerCheck.IsHostId(options.Sparkplug.HostId))
        {
            faults.Add(new SettingFault("Sparkplug:HostId", BrokerCheck.HostIdFault(options.Sparkplug.HostId)));
        }
    }

    private static void RequireStore(StoreSection store, List<SettingFault> faults)
    {
        Require("Store:CheckpointSeconds", store.CheckpointSeconds, 0.1, 3_600, faults);
        Require("Store:RetentionDays", store.RetentionDays, 0, 100_000, faults);
        var named = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < store.Retentions.Length; i++)
        {
            RetentionSection one = store.Retentions[i];
            Require($"Store:Retentions:{i}:Days", one.Days, 0, 100_000, faults);
            if (one.Measurement.Length == 0 || !named.Add(one.Measurement))
            {
                faults.Add(new SettingFault(
                    $"Store:Retentions:{i}:Measurement",
                    $"expected a measurement that no other entry has, found '{one.Measurement}'"));
            }
        }
    }

    private static void Require(string key, double value, double least, double most, List<SettingFault> faults)
    {
        if (!(value >= least && value <= most)) // NaN is neither
        {
            faults.Add(new SettingFault(key, string.Create(
                CultureInfo.InvariantCulture, $"{value} is out of range; write a number from {least} to {most}")));
        }
    }

    /// <summary>A misspelt key must not be silently without effect.</summary>
    private static IEnumerable<SettingFault> UnknownKeys(IConfiguration section, Type type, string path)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            System.Reflection.PropertyInfo? property = type.GetProperties().FirstOrDefault(property =>
                string.Equals(property.Name, child.Key, StringComparison.OrdinalIgnoreCase));
            bool isOurs = path.Length > 0 || IsSectionOfOurs(child.Key);
            if (property is null && isOurs)
            {
                string known = string.Join(", ", type.GetProperties().Select(candidate => candidate.Name));
                yield return new SettingFault($"{path}{child.Key}", $"no such setting; there are {known}");
            }
            else if (property is not null)
            {
                foreach (SettingFault fault in UnknownKeysWithin(child, property.PropertyType, $"{path}{child.Key}:"))
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<SettingFault> UnknownKeysWithin(IConfigurationSection child, Type type, string path)
    {
        if (type.GetElementType() is { } element)
        {
            return child.GetChildren().SelectMany(item => UnknownKeysWithin(item, element, $"{path}{item.Key}:"));
        }

        return type.IsClass && type != typeof(string) ? UnknownKeys(child, type, path) : [];
    }

    /// <summary>
    /// The environment is full of other programs' variables: only sections of ours are held against the list.
    /// </summary>
    private static bool IsSectionOfOurs(string key) =>
        typeof(ServiceOptions).GetProperties().Any(property =>
            string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase));
}
