using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.EndToEnd.Tests;

/// <summary>A small certificate authority in a directory: <c>ca.crt</c>, and whatever it is asked for.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2060, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ScratchDirectory _directory;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private byte _serial;

    public TestAuthority(ScratchDirectory directory, string name = "ca")
    {
        _directory = directory;
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(From, Until);
        File = directory.At($"{name}.crt");
        System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
    }

    /// <summary>Path of the authority's own certificate.</summary>
    public string File { get; }

    /// <summary>Writes NAME.crt and NAME.key for a server on this machine.</summary>
    public (string Certificate, string Key) IssueServer(string name) => Issue(name, "1.3.6.1.5.5.7.3.1");

    /// <summary>Writes NAME.crt and NAME.key for a client.</summary>
    public (string Certificate, string Key) IssueClient(string name) => Issue(name, "1.3.6.1.5.5.7.3.2");

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private (string Certificate, string Key) Issue(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName($"{name}.example");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(_certificate, From, Until, [++_serial]);
        (string Certificate, string Key) files = (_directory.At($"{name}.crt"), _directory.At($"{name}.key"));
        System.IO.File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
