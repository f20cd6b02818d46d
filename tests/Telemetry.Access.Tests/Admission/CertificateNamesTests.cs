using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.Access.Tests;

public sealed class CertificateNamesTests
{
    [Fact]
    public void Alternative_names_come_first_and_the_common_name_last()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("gw-1.mine.example");
        names.AddIpAddress(System.Net.IPAddress.Loopback); // an address is no name
        names.AddUri(new Uri("urn:mine:gw-1"));
        names.AddEmailAddress("gw-1@mine.example");
        using X509Certificate2 certificate = Make("CN=gw-1", names.Build());

        Assert.Equal(
            ["gw-1.mine.example", "urn:mine:gw-1", "gw-1@mine.example", "gw-1"], CertificateNames.Of(certificate));
    }

    [Fact]
    public void An_extension_that_cannot_be_read_names_nobody()
    {
        using X509Certificate2 certificate = Make("CN=gw-1", new X509Extension("2.5.29.17", [0x30, 0x7F, 0x82], false));
        Assert.Equal(["gw-1"], CertificateNames.Of(certificate));
    }

    internal static X509Certificate2 Make(string subject, params X509Extension[] extensions)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        foreach (X509Extension extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return request.CreateSelfSigned(start, start.AddYears(10));
    }
}
