using System.CommandLine;
using System.Globalization;
using Telemetry.Access;
using Telemetry.Spool;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry gateway add|list|rotate|revoke|check</c>: who may connect, and whether it is right. A running service
/// sees a change in a second.
/// </summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        var command = new Command("gateway", "Who may connect: add, list, rotate, revoke identities; check gateways");
        command.Subcommands.Add(GatewayAddCommand.Create());
        command.Subcommands.Add(CreateList());
        command.Subcommands.Add(CreateRotate());
        command.Subcommands.Add(CreateRevoke());
        command.Subcommands.Add(GatewayCheckCommand.Create());
        return command;
    }

    /// <summary>The option for the data directory, as <c>serve</c> has it.</summary>
    public static Option<string> DataDirectory() => new("--data-dir")
    {
        Description = "The service's data directory",
        DefaultValueFactory = _ => "data",
    };

    /// <summary>
    /// Changes the identity file and notes it in the audit log; prints why not, when that cannot be done.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ChangeAsync(
        string dataDirectory,
        string name,
        string action,
        Func<IdentityTable, IdentityTable> change,
        CancellationToken cancellation)
    {
        try
        {
            var files = new DiskFileSystem();
            string directory = AccessDirectory.Of(dataDirectory);
            await new IdentityFile(files, directory, TimeProvider.System).ChangeAsync(change, cancellation);
            var audit = new AuditFile(files, directory, TimeProvider.System);
            await audit.AppendAsync(
                [new AuditEntry(TimeProvider.System.GetUtcNow(), action) { Who = "cli", Identity = name }],
                cancellation);
            return ExitCode.Done;
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(cause.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>The table with one identity changed.</summary>
    /// <exception cref="InvalidDataException">There is no such identity.</exception>
    public static IdentityTable With(
        IdentityTable table, string name, Func<GatewayIdentity, GatewayIdentity> change) => table.Find(name) is null
            ? throw new InvalidDataException(
                $"cannot change identity '{name}': there is none; 'telemetry gateway list' shows all")
            : new IdentityTable(table.Identities.Select(each => each.Name == name ? change(each) : each));

    private static Command CreateList()
    {
        Option<string> dataDirectory = DataDirectory();
        var command = new Command("list", "Show all identities and their rights");
        command.Options.Add(dataDirectory);
        command.SetAction(arguments =>
        {
            try
            {
                string directory = AccessDirectory.Of(arguments.GetValue(dataDirectory)!);
                Print(new IdentityFile(new DiskFileSystem(), directory, TimeProvider.System).Read());
                return ExitCode.Done;
            }
            catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(cause.Message);
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static void Print(IdentityTable table)
    {
        foreach (GatewayIdentity identity in table.Identities)
        {
            string[] password = identity.Password is null ? [] : ["password"];
            string proof = string.Join(", ", [.. password, .. identity.Certificates]);
            string state = identity.Revoked is { } time ? $"revoked {Day(time)}" : $"added {Day(identity.Created)}";
            Console.WriteLine($"{identity.Name}  {state}  by {(proof.Length > 0 ? proof : "nothing")}");
            Console.WriteLine($"    publish   {string.Join("  ", identity.Publish)}");
            Console.WriteLine($"    subscribe {string.Join("  ", identity.Subscribe)}");
        }

        Console.WriteLine($"{table.Identities.Count} identities");
    }

    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Command CreateRotate()
    {
        var name = new Argument<string>("name");
        Option<string> dataDirectory = DataDirectory();
        var command = new Command("rotate", "Give an identity a new password; the old one is void at once");
        command.Arguments.Add(name);
        command.Options.Add(dataDirectory);
        command.SetAction(async (arguments, cancellation) =>
        {
            string password = GeneratedPassword.Next();
            var hash = PasswordHash.Of(password, PasswordHash.IterationsGenerated);
            string who = arguments.GetValue(name)!;
            int exitCode = await ChangeAsync(
                arguments.GetValue(dataDirectory)!,
                who,
                "rotate",
                table => With(table, who, identity => identity with
                {
                    Password = hash,
                    Rotated = TimeProvider.System.GetUtcNow(),
                }),
                cancellation);
            if (exitCode == ExitCode.Done)
            {
                Console.WriteLine($"password of '{who}', shown this once: {password}");
            }

            return exitCode;
        });
        return command;
    }

    private static Command CreateRevoke()
    {
        var name = new Argument<string>("name");
        Option<string> dataDirectory = DataDirectory();
        var command = new Command("revoke", "Take an identity's rights away and close its connections");
        command.Arguments.Add(name);
        command.Options.Add(dataDirectory);
        command.SetAction(async (arguments, cancellation) =>
        {
            string who = arguments.GetValue(name)!;
            int exitCode = await ChangeAsync(
                arguments.GetValue(dataDirectory)!,
                who,
                "revoke",
                table => With(table, who, identity => identity with
                {
                    Revoked = identity.Revoked ?? TimeProvider.System.GetUtcNow(),
                }),
                cancellation);
            if (exitCode == ExitCode.Done)
            {
                Console.WriteLine($"'{who}' is revoked; a running service closes its connections within a second");
            }

            return exitCode;
        });
        return command;
    }
}
