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
        var command = new Command("add", "Add an identity and print its password once");
        command.Arguments.Add(name);
        command.Options.Add(dataDirectory);
        command.Options.Add(password);
        command.Options.Add(certificates);
        command.Options.Add(publish);
        command.Options.Add(subscribe);
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
            cancellation));
        return command;
    }

    private static Option<string[]> Many(string name, string description) => new(name)
    {
        Description = description + "; may be repeated",
        DefaultValueFactory = _ => [],
    };

    private static IReadOnlyList<string> OrDefault(string[] given, IReadOnlyList<string> otherwise) =>
        given.Length > 0 ? given : otherwise;

    private static async Task<int> AddAsync(
        string dataDirectory, GatewayIdentity identity, string? chosen, CancellationToken cancellation)
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
            PrintLines(dataDirectory, added, password);
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

    private static void PrintLines(string dataDirectory, GatewayIdentity identity, string? password)
    {
        Console.WriteLine($"identity '{identity.Name}' is added; a running service knows it within a second");
        if (password is not null)
        {
            Console.WriteLine($"password, shown this once: {password}");
        }

        string topic = identity.Publish[0]
            .Replace("%u", identity.Name, StringComparison.Ordinal)
            .Replace("%c", identity.Name, StringComparison.Ordinal)
            .Replace("+", "x", StringComparison.Ordinal)
            .Replace("#", "test", StringComparison.Ordinal);
        string who = password is null
            ? "--cert gateway.crt --key gateway.key"
            : $"-u {identity.Name} -P '{password.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        string what = $"-i {identity.Name} {who} -q 1 -t '{topic}' -m 'test value=1'";
        MqttSection mqtt = OptionsCheck.Read(SettingsSource.Build(dataDirectory, [])).Options.Mqtt;
        Console.WriteLine("try it:");
        if (password is not null)
        {
            Console.WriteLine($"  mosquitto_pub -h {HostOf(mqtt.Address)} -p {mqtt.Port} {what}");
        }

        foreach (ListenerSection tls in mqtt.Listeners.Where(each => each is { IsTls: true, IsWebSocket: false }))
        {
            Console.WriteLine($"  mosquitto_pub -h {HostOf(tls.Address)} -p {tls.Port} --cafile ca.crt {what}");
        }

        if (password is null && !mqtt.Listeners.Any(listener => listener.IsTls))
        {
            Console.WriteLine("  its certificate needs a TLS listener, and Mqtt:Listeners has none yet");
        }
    }

    /// <summary>An address that listens everywhere is none to connect to.</summary>
    private static string HostOf(string address) => address is "0.0.0.0" or "::" ? Environment.MachineName : address;
}
