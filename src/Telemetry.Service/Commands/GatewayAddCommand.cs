using System.CommandLine;
using Telemetry.Access;

namespace Telemetry.Service;

/// <summary><c>telemetry gateway add NAME</c>: a new identity, with lines to try it with.</summary>
internal static class GatewayAddCommand
{
    private const int PasswordCharactersMin = 8;

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Its user name, and what its messages are kept under" };
        Option<string> dataDirectory = GatewayCommand.DataDirectory();
        var password = new Option<string?>("--password") { Description = "A password of your own; else one is made" };
        Option<string[]> certificates = Many(
            "--certificate", "A name in its certificate (DNS, URI, e-mail, or common name); then no password is made");
        Option<string[]> publish = Many("--publish", "What it may publish to, as topic filter with %u and %c");
        Option<string[]> subscribe = Many("--subscribe", "What it may subscribe to, as topic filter with %u and %c");
        Option<string[]> kinds = For();
        var command = new Command("add", "Add an identity and print its password once");
        command.Arguments.Add(name);
        command.Options.Add(dataDirectory);
        command.Options.Add(password);
        command.Options.Add(certificates);
        command.Options.Add(publish);
        command.Options.Add(subscribe);
        command.Options.Add(kinds);
        command.SetAction((arguments, cancellation) => AddAsync(
            arguments.GetValue(dataDirectory)!,
            new GatewayIdentity
            {
                Name = arguments.GetValue(name)!,
                Certificates = [.. arguments.GetValue(certificates)!.Distinct(StringComparer.OrdinalIgnoreCase)],
                Publish = OrDefault(arguments.GetValue(publish)!, DefaultRights.Publish),
                Subscribe = OrDefault(arguments.GetValue(subscribe)!, DefaultRights.Subscribe),
                Created = TimeProvider.System.GetUtcNow(),
            },
            arguments.GetValue(password),
            arguments.GetValue(kinds)!,
            cancellation));
        return command;
    }

    private static Option<string[]> For()
    {
        Option<string[]> kinds = Many("--for", "Print ready configuration for this kind of gateway, or for all");
        kinds.AcceptOnlyFromAmong([.. GatewayConfiguration.Kinds, GatewayConfiguration.All]);
        return kinds;
    }

    private static Option<string[]> Many(string name, string description) => new(name)
    {
        Description = description + "; may be repeated",
        DefaultValueFactory = _ => [],
    };

    private static IReadOnlyList<string> OrDefault(string[] given, IReadOnlyList<string> otherwise) =>
        given.Length > 0 ? given : otherwise;

    private static async Task<int> AddAsync(
        string dataDirectory,
        GatewayIdentity identity,
        string? chosen,
        string[] kinds,
        CancellationToken cancellation)
    {
        if (chosen is { Length: < PasswordCharactersMin })
        {
            Console.Error.WriteLine(
                $"cannot add identity '{identity.Name}': the password has {chosen.Length} characters, use at least "
                + $"{PasswordCharactersMin}, or let one be made");
            return ExitCode.Failed;
        }

        bool isMade = chosen is null && identity.Certificates.Count == 0;
        string? password = isMade ? GeneratedPassword.Next() : chosen;
        int iterations = isMade ? PasswordHash.IterationsGenerated : PasswordHash.IterationsChosen;
        GatewayIdentity added = identity with
        {
            Password = password is null ? null : PasswordHash.Of(password, iterations),
        };
        int exitCode = await GatewayCommand.ChangeAsync(
            dataDirectory, identity.Name, "add", table => Add(table, added), cancellation);
        if (exitCode == ExitCode.Done)
        {
            PrintLines(dataDirectory, added, password, kinds);
        }

        return exitCode;
    }

    private static IdentityTable Add(IdentityTable table, GatewayIdentity added)
    {
        if (table.Find(added.Name) is not null)
        {
            throw new InvalidDataException(
                $"cannot add identity '{added.Name}': it is there; 'telemetry gateway rotate {added.Name}' gives it a "
                + "new password");
        }

        string? taken = added.Certificates.FirstOrDefault(name => table.FindByCertificate(name) is not null);
        if (taken is not null)
        {
            throw new InvalidDataException(
                $"cannot add identity '{added.Name}': the certificate name '{taken}' is that of "
                + $"'{table.FindByCertificate(taken)!.Name}'");
        }

        string fault = IdentityFormat.FaultOf(added);
        return fault.Length == 0
            ? new IdentityTable(table.Identities.Append(added))
            : throw new InvalidDataException($"cannot add identity: {fault}");
    }

    private static void PrintLines(string dataDirectory, GatewayIdentity identity, string? password, string[] kinds)
    {
        Console.WriteLine($"identity '{identity.Name}' is added; a running service knows it within a second");
        if (password is not null)
        {
            Console.WriteLine($"password, shown this once: {password}");
        }

        GatewayTerms[] all = [.. TermsOf(dataDirectory, identity, password)];
        if (all.Length == 0)
        {
            Console.WriteLine("its certificate needs a TLS listener, and Mqtt:Listeners has none yet");
            return;
        }

        if (kinds.Length == 0)
        {
            Console.WriteLine("try it:");
            foreach (GatewayTerms terms in all)
            {
                Console.WriteLine(GatewayConfiguration.Render("mosquitto_pub", terms));
            }

            string others = string.Join(", ", GatewayConfiguration.Kinds);
            Console.WriteLine($"ready configuration, with the next identity: --for {others} or all");
        }

        // Over TLS where there is such a listener: the password is not for everyone on the way.
        GatewayTerms best = all.FirstOrDefault(terms => terms.IsTls) ?? all[0];
        foreach (string kind in GatewayConfiguration.Kinds.Where(kind =>
            kinds.Contains(kind) || kinds.Contains(GatewayConfiguration.All)))
        {
            Console.WriteLine($"\n--- {kind} ---");
            Console.WriteLine(GatewayConfiguration.Render(kind, best));
        }
    }

    /// <summary>By each listener that the identity can use.</summary>
    private static IEnumerable<GatewayTerms> TermsOf(
        string dataDirectory, GatewayIdentity identity, string? password)
    {
        MqttSection mqtt = OptionsCheck.Read(SettingsSource.Build(dataDirectory, [])).Options.Mqtt;
        var plain = new GatewayTerms(
            HostOf(mqtt.Address), mqtt.Port, IsTls: false, identity.Name, password, identity.Publish);
        return mqtt.Listeners
            .Where(listener => listener is { IsTls: true, IsWebSocket: false })
            .Select(listener => plain with { Host = HostOf(listener.Address), Port = listener.Port, IsTls = true })
            .Concat(password is null ? [] : new[] { plain })
            .Reverse();
    }

    /// <summary>An address that listens everywhere is none to connect to.</summary>
    private static string HostOf(string address) => address is "0.0.0.0" or "::" ? Environment.MachineName : address;
}
