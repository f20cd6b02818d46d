using System.Net;

namespace Telemetry.Service;

/// <summary>Validates <c>Mqtt:Listeners</c>.</summary>
internal static class ListenerCheck
{
    private const int PortMax = 65_535;

    public static IEnumerable<SettingFault> Faults(ListenerSection[] listeners) =>
        listeners.SelectMany((listener, index) => Faults(listener, $"Mqtt:Listeners:{index}"))
            .Concat(Twins(listeners));

    private static IEnumerable<SettingFault> Faults(ListenerSection listener, string key)
    {
        if (listener.Name.Length == 0)
        {
            yield return new SettingFault($"{key}:Name", "is empty; write a word that tells the listener from others");
        }

        if (!IPAddress.TryParse(listener.Address, out _))
        {
            yield return new SettingFault(
                $"{key}:Address",
                $"'{listener.Address}' is no IP address; write one such as 127.0.0.1 or 0.0.0.0");
        }

        if (listener.Port is < 0 or > PortMax)
        {
            yield return new SettingFault(
                $"{key}:Port", $"write a number from 0 to {PortMax}, such as 8883 for TLS; 0 picks a free one");
        }

        if (listener.Transport is not (ListenerSection.Tcp or ListenerSection.WebSocket))
        {
            yield return new SettingFault(
                $"{key}:Transport",
                $"'{listener.Transport}' is no transport; write {ListenerSection.Tcp} or {ListenerSection.WebSocket}");
        }

        foreach (SettingFault fault in Faults(listener.Tls, $"{key}:Tls"))
        {
            yield return fault;
        }
    }

    private static IEnumerable<SettingFault> Faults(TlsSection tls, string key)
    {
        (string Name, string Path)[] files =
        [
            (nameof(tls.CertificateFile), tls.CertificateFile),
            (nameof(tls.KeyFile), tls.KeyFile),
            (nameof(tls.ClientCaFile), tls.ClientCaFile),
        ];
        foreach ((string name, string path) in files.Where(file => file.Path.Length > 0 && !File.Exists(file.Path)))
        {
            yield return new SettingFault(
                $"{key}:{name}", $"there is no file '{path}'; write the path of a PEM file that the service may read");
        }

        if (tls.CertificateFile.Length > 0 != tls.KeyFile.Length > 0)
        {
            yield return new SettingFault(
                key, "a certificate and its key go together; write CertificateFile and KeyFile, or neither");
        }

        if (tls.CertificateFile.Length == 0 && tls.ClientCaFile.Length > 0)
        {
            yield return new SettingFault(
                $"{key}:ClientCaFile", "client certificates need TLS; write CertificateFile and KeyFile too");
        }

        if (tls.RequireClientCertificate && tls.ClientCaFile.Length == 0)
        {
            yield return new SettingFault(
                $"{key}:RequireClientCertificate", "is true without an authority; write ClientCaFile too");
        }
    }

    private static IEnumerable<SettingFault> Twins(ListenerSection[] listeners) =>
        listeners.Where(listener => listener.Name.Length > 0)
            .GroupBy(listener => listener.Name, StringComparer.OrdinalIgnoreCase)
            .Where(twins => twins.Count() > 1)
            .Select(twins => new SettingFault(
                "Mqtt:Listeners",
                $"the name '{twins.Key}' is there {twins.Count()} times; write a name of its own for each"));
}
