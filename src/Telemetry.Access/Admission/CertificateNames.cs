using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.Access;

/// <summary>
/// The names a certificate gives its holder, in the order in which they are tried: DNS names, URIs and e-mail addresses
/// of the subject alternative name (RFC 5280 §4.2.1.6), then the subject's common name.
/// </summary>
internal static class CertificateNames
{
    private const string AlternativeName = "2.5.29.17";
    private const int NamesMax = 64; // of one certificate; the authority that signed more is not one for gateways
    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value == AlternativeName)
            {
                AddAlternativeNames(extension.RawData, names);
            }
        }

        string common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (common.Length > 0)
        {
            names.Add(common);
        }

        return names;
    }

    private static void AddAlternativeNames(byte[] extension, List<string> names)
    {
        try
        {
            AsnReader sequence = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData && names.Count < NamesMax)
            {
                Asn1Tag tag = sequence.PeekTag();
                if (tag == Email || tag == Dns || tag == Uri)
                {
                    names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            names.Clear(); // an extension that cannot be read names nobody
        }
    }
}
