using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Service;

/// <summary>Validates <c>Mqtt:Brokers</c>.</summary>
internal static class BrokerCheck
{
    private const int KeepAliveSecondsMax = ushort.MaxValue;
    private const int CanarySecondsMax = 86_400;
    private static readonly string[] Protocols = ["auto", "5.0", "3.1.1"];
    private static readonly string[] Schemes = ["mqtt", "mqtts", "ws", "wss"];

    /// <summary>Every fault of every broker.</summary>
    public static IEnumerable<SettingFault> FaultsOf(MqttSection mqtt)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < mqtt.Brokers.Length; i++)
        {
            BrokerSection broker = mqtt.Brokers[i];
            string key = string.Create(CultureInfo.InvariantCulture, $"Mqtt:Brokers:{i}:");
            IEnumerable<(string Key, string Fault)> faults =
            [
                .. FaultsOfName(broker, names),
                .. FaultsOfUrl(broker),
                .. FaultsOfFilters(broker),
                .. FaultsOfHost(broker),
                .. FaultsOfNumbers(broker),
                .. FaultsOfFiles(broker),
            ];
            foreach ((string setting, string fault) in faults)
            {
                yield return new SettingFault(key + setting, fault);
            }
        }
    }

    private static IEnumerable<(string, string)> FaultsOfName(BrokerSection broker, HashSet<string> names)
    {
        if (broker.Name.Length == 0 || !broker.Name.All(IsOfName))
        {
            yield return ("Name", $"'{broker.Name}' is no name; write letters, digits, - and _, such as plant");
        }
        else if (!names.Add(broker.Name))
        {
            yield return ("Name", $"'{broker.Name}' is the name of another broker, too; give each its own");
        }

        if (broker.Share.Length > 0 && broker.ClientIdentifier.Length == 0)
        {
            yield return (
                "ClientIdentifier",
                "is empty with a Share: instances with one identifier would throw each other out; "
                + "give each instance its own, such as telemetry-a");
        }
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';

    private static IEnumerable<(string, string)> FaultsOfUrl(BrokerSection broker)
    {
        bool isUrl = Uri.TryCreate(broker.Url, UriKind.Absolute, out Uri? url)
            && Schemes.Contains(url.Scheme) && url.Host.Length > 0;
        if (!isUrl)
        {
            yield return ("Url", $"'{broker.Url}' is no address; write one such as mqtt://10.0.0.5:1883, "
                + "with mqtts, ws or wss in front as the broker wants it");
        }
        else if (url!.UserInfo.Length > 0)
        {
            yield return ("Url", "has a user in it; write UserName, and Password or PasswordFile");
        }

        if (!Protocols.Contains(broker.Protocol))
        {
            yield return ("Protocol", $"'{broker.Protocol}' is not spoken; write auto, 5.0 or 3.1.1");
        }
    }

    private static IEnumerable<(string, string)> FaultsOfFilters(BrokerSection broker)
    {
        if (broker.Filters.Length == 0 && broker.SparkplugHost.Length == 0)
        {
            yield return ("Filters", "is empty; write at least one topic filter, such as \"#\"");
        }

        for (int i = 0; i < broker.Filters.Length; i++)
        {
            string filter = broker.Filters[i];
            if (filter.StartsWith("$share/", StringComparison.Ordinal))
            {
                yield return ($"Filters:{i}", $"'{filter}' is shared; write the group in Share and the rest here");
            }
            else if (!TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter)))
            {
                yield return ($"Filters:{i}", $"'{filter}' is no topic filter; write one such as plant/+/data or #");
            }
        }

        if (broker.Share.Length > 0 && broker.Share.AsSpan().ContainsAny("/+#"))
        {
            yield return ("Share", $"'{broker.Share}' is no group; write a name without /, + and #");
        }

        if (broker.CanaryTopic.Length > 0 && !TopicName.IsValid(Encoding.UTF8.GetBytes(broker.CanaryTopic)))
        {
            yield return (
                "CanaryTopic", $"'{broker.CanaryTopic}' is no topic name; write one such as telemetry/canary/a");
        }
    }

    /// <summary>True for what may stand in a topic as one level.</summary>
    public static bool IsHostId(string hostId) =>
        !hostId.AsSpan().ContainsAny("/+#") && TopicName.IsValid(Encoding.UTF8.GetBytes(hostId));

    /// <summary>What is wrong with a host identifier that is none.</summary>
    public static string HostIdFault(string hostId) =>
        $"'{hostId}' is no host identifier; write a name without /, + and #, such as mine-host";

    /// <summary>The connection of a primary host is a session of its own (Sparkplug 3.0 §5.2).</summary>
    private static IEnumerable<(string, string)> FaultsOfHost(BrokerSection broker)
    {
        if (broker.SparkplugHost.Length == 0)
        {
            yield break;
        }

        if (!IsHostId(broker.SparkplugHost))
        {
            yield return ("SparkplugHost", HostIdFault(broker.SparkplugHost));
        }

        if (broker.Filters.Length > 0 || broker.Share.Length > 0)
        {
            yield return (
                "SparkplugHost",
                "stands beside Filters or Share; it subscribes to Sparkplug's topics alone and is never shared: "
                + "write another entry with its own Name for the rest");
        }
    }

    private static IEnumerable<(string, string)> FaultsOfNumbers(BrokerSection broker) =>
    [
        .. Range("Qos", broker.Qos, 0, 2),
        .. Range("KeepAliveSeconds", broker.KeepAliveSeconds, 0, KeepAliveSecondsMax),
        .. Range("SessionExpirySeconds", broker.SessionExpirySeconds, 0, uint.MaxValue),
        .. Range("CanarySeconds", broker.CanarySeconds, 0, CanarySecondsMax),
    ];

    private static IEnumerable<(string, string)> Range(string key, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            yield return (key, string.Create(
                CultureInfo.InvariantCulture, $"{value} is out of range; write a number from {least} to {most}"));
        }
    }

    private static IEnumerable<(string, string)> FaultsOfFiles(BrokerSection broker)
    {
        if (broker.CertificateFile.Length > 0 != broker.KeyFile.Length > 0)
        {
            yield return ("CertificateFile", "and KeyFile belong together; write both or neither");
            yield break;
        }

        if (broker.Password.Length > 0 && broker.PasswordFile.Length > 0)
        {
            yield return ("PasswordFile", "stands beside Password; write one of them");
        }

        if ((broker.Password.Length > 0 || broker.PasswordFile.Length > 0) && broker.UserName.Length == 0)
        {
            yield return ("UserName", "is empty with a password; MQTT 3.1.1 has no password without a user name");
        }

        string? cause = null;
        try
        {
            _ = BrokerReading.PasswordOf(broker);
            _ = BrokerReading.TlsOf(broker);
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            cause = unreadable.Message;
        }

        if (cause is not null)
        {
            yield return ("CaFile", $"or another file of the broker cannot be read: {cause}; write paths of PEM files");
        }
    }
}
