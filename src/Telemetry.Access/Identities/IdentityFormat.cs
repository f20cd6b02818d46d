using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemetry.Access;

/// <summary>
/// The identity file's JSON and its rules. A file with one fault is no file: half a table would lock gateways out.
/// </summary>
public static class IdentityFormat
{
    private const int Version = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, // a misspelt right is not silently none
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    /// <summary>Reads a file's bytes; the table is null when there is a fault, which is then told.</summary>
    public static IdentityTable? Read(ReadOnlySpan<byte> bytes, out string fault)
    {
        if (bytes.Length > AccessLimits.FileBytesMax)
        {
            fault = $"it is {bytes.Length} bytes long, at most {AccessLimits.FileBytesMax} are read";
            return null;
        }

        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(bytes, Json);
        }
        catch (JsonException cause)
        {
            fault = cause.Message;
            return null;
        }

        fault = document is null ? "it is empty" : FaultOf(document);
        return fault.Length == 0 ? new IdentityTable(document!.Identities.Select(ToIdentity)) : null;
    }

    /// <summary>The file's bytes for a table.</summary>
    public static byte[] Write(IdentityTable table) => JsonSerializer.SerializeToUtf8Bytes(
        new Document { Version = Version, Identities = [.. table.Identities.Select(ToEntry)] }, Json);

    /// <summary>What is wrong with an identity, in words; empty when nothing is.</summary>
    public static string FaultOf(GatewayIdentity identity)
    {
        if (!GatewayIdentity.IsName(identity.Name))
        {
            return $"'{identity.Name}' is no name: use letters, digits, '-', '_', '.', ':' and '@', at most "
                + $"{AccessLimits.NameCharactersMax}";
        }

        int most = Math.Max(
            identity.Certificates.Count, Math.Max(identity.Publish.Count, identity.Subscribe.Count));
        if (most > AccessLimits.FiltersPerIdentityMax)
        {
            return $"'{identity.Name}' has a list of {most}, at most {AccessLimits.FiltersPerIdentityMax} are taken";
        }

        string? pattern = identity.Publish.Concat(identity.Subscribe)
            .FirstOrDefault(text => !RightsPattern.IsValid(text));
        return pattern is null
            ? ""
            : $"'{identity.Name}' has the right '{pattern}', which is no topic filter: %u, %c, + and # each fill "
                + "a level of their own, # the last";
    }

    private static string FaultOf(Document document)
    {
        if (document.Version != Version)
        {
            return $"expected version {Version}, found {document.Version}";
        }

        if (document.Identities.Count > AccessLimits.IdentitiesMax)
        {
            return $"{document.Identities.Count} identities, at most {AccessLimits.IdentitiesMax} are taken";
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var certificates = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Entry entry in document.Identities)
        {
            string fault = FaultOf(entry);
            if (fault.Length > 0)
            {
                return fault;
            }

            if (!names.Add(entry.Name))
            {
                return $"'{entry.Name}' is there twice";
            }

            if (entry.Certificates.Find(name => !certificates.Add(name)) is { } twice)
            {
                return $"the certificate name '{twice}' is there twice; it can prove one identity only";
            }
        }

        return "";
    }

    private static string FaultOf(Entry entry) => entry.Password is { } text && PasswordHash.Parse(text) is null
        ? $"'{entry.Name}' has a password that is no hash of ours; give it one with 'telemetry gateway rotate'"
        : FaultOf(ToIdentity(entry));

    private static GatewayIdentity ToIdentity(Entry entry) => new()
    {
        Name = entry.Name,
        Password = entry.Password is null ? null : PasswordHash.Parse(entry.Password),
        Certificates = entry.Certificates,
        Publish = entry.Publish,
        Subscribe = entry.Subscribe,
        Created = entry.Created,
        Rotated = entry.Rotated,
        Revoked = entry.Revoked,
    };

    private static Entry ToEntry(GatewayIdentity identity) => new()
    {
        Name = identity.Name,
        Password = identity.Password?.Text,
        Certificates = [.. identity.Certificates],
        Publish = [.. identity.Publish],
        Subscribe = [.. identity.Subscribe],
        Created = identity.Created,
        Rotated = identity.Rotated,
        Revoked = identity.Revoked,
    };

    private sealed class Document
    {
        public required int Version { get; init; }

        public required List<Entry> Identities { get; init; }
    }

    private sealed class Entry
    {
        public required string Name { get; init; }

        public string? Password { get; init; }

        public List<string> Certificates { get; init; } = [];

        public List<string> Publish { get; init; } = [];

        public List<string> Subscribe { get; init; } = [];

        public DateTimeOffset Created { get; init; }

        public DateTimeOffset? Rotated { get; init; }

        public DateTimeOffset? Revoked { get; init; }
    }
}
