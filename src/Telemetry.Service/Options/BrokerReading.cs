using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Telemetry.Ingestion;
using Telemetry.Mqtt.Pipelines;

namespace Telemetry.Service;

/// <summary>Turns valid entries of <c>Mqtt:Brokers</c> into what the clients take, with the files they name.</summary>
internal static class BrokerReading
{
    /// <summary>What the client of one broker is told.</summary>
    /// <param name="broker">Its settings, validated.</param>
    /// <param name="site">The site's slug.</param>
    /// <param name="packetBytesMax">Largest packet.</param>
    public static BrokerClientOptions Of(BrokerSection broker, string site, int packetBytesMax)
    {
        string identifier = broker.ClientIdentifier.Length > 0
            ? broker.ClientIdentifier
            : $"telemetry-{site}-{broker.Name}";
        bool isHost = broker.SparkplugHost.Length > 0;
        return new BrokerClientOptions
        {
            Name = broker.Name,
            Url = new Uri(broker.Url),
            ClientIdentifier = identifier,
            Filters = isHost ? SparkplugPresence.FiltersOf(broker.SparkplugHost) : broker.Filters,
            Presence = isHost ? new SparkplugPresence(broker.SparkplugHost) : null,
            Share = broker.Share,
            Qos = (byte)broker.Qos,
            UserName = broker.UserName.Length > 0 ? broker.UserName : null,
            Password = PasswordOf(broker),
            Tls = TlsOf(broker),
            KeepAliveSeconds = (ushort)broker.KeepAliveSeconds,
            SessionExpirySeconds = (uint)broker.SessionExpirySeconds,
            CanaryTopic = broker.CanaryTopic.Length > 0 ? broker.CanaryTopic : $"telemetry/canary/{identifier}",
            CanarySeconds = broker.CanarySeconds,
            Protocol = broker.Protocol switch
            {
                "5.0" => BrokerProtocol.V50,
                "3.1.1" => BrokerProtocol.V311,
                _ => BrokerProtocol.Auto,
            },
            PacketBytesMax = packetBytesMax,
        };
    }

    /// <summary>The password, from wherever it stands; null for none.</summary>
    /// <exception cref="IOException">Its file cannot be read.</exception>
    public static string? PasswordOf(BrokerSection broker) =>
        broker.PasswordFile.Length > 0 ? File.ReadLines(broker.PasswordFile).FirstOrDefault() ?? ""
        : broker.Password.Length > 0 ? broker.Password
        : null;

    /// <summary>Trust and own certificate; null for the system's trust alone.</summary>
    /// <exception cref="CryptographicException">A file holds no certificate or key.</exception>
    public static SslClientAuthenticationOptions? TlsOf(BrokerSection broker)
    {
        if (broker.CaFile.Length == 0 && broker.CertificateFile.Length == 0)
        {
            return null;
        }

        var tls = new SslClientAuthenticationOptions();
        if (broker.CaFile.Length > 0)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // a mine may have no way to the list
            };
            policy.CustomTrustStore.ImportFromPemFile(broker.CaFile);
            tls.CertificateChainPolicy = policy.CustomTrustStore.Count > 0
                ? policy
                : throw new CryptographicException($"'{broker.CaFile}' holds no certificate");
        }

        if (broker.CertificateFile.Length > 0)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(broker.CertificateFile, broker.KeyFile)];
        }

        return tls;
    }
}
