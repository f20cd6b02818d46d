using System.CommandLine;
using Telemetry.Store;

namespace Telemetry.Service;

/// <summary><c>telemetry store</c>: the embedded store's file, whether the service runs or not.</summary>
internal static class StoreCommand
{
    public static Command Create()
    {
        var command = new Command("store", "Verify or copy the embedded store's file, while the service runs too");
        command.Subcommands.Add(CreateVerify());
        command.Subcommands.Add(CreateBackup());
        return command;
    }

    private static Command CreateVerify()
    {
        var directory = GatewayCommand.DataDirectory();
        var file = new Option<string>("--file") { Description = "This file, a backup for instance, in place of it" };
        var command = new Command("verify", "Read all of the store and name every chunk and roll-up that is damaged")
        {
            directory, file,
        };
        command.SetAction(arguments => Try(() =>
        {
            string path = arguments.GetValue(file) ?? PathOf(arguments.GetValue(directory));
            StoreFindings found = StoreVerification.Run(path);
            foreach (string fault in found.Faults)
            {
                Console.WriteLine(fault);
            }

            Console.WriteLine(
                $"{path}: {found.Chunks} chunks with {found.Samples} samples in {found.Bytes} bytes, "
                + $"{found.OpenChunks} open chunks, {found.Rollups} roll-ups; "
                + (found.FaultCount == 0 ? "all are good" : $"{found.FaultCount} faults"));
            return found.FaultCount == 0 ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static Command CreateBackup()
    {
        var target = new Argument<string>("file") { Description = "The new file; it must not exist" };
        var directory = GatewayCommand.DataDirectory();
        var command = new Command("backup", "Copy the store as it is at one moment into a new file")
        {
            target, directory,
        };
        command.SetAction(arguments => Try(() =>
        {
            string path = Path.GetFullPath(arguments.GetValue(target)!);
            StoreCopy.Write(PathOf(arguments.GetValue(directory)), path);
            Console.WriteLine($"{path}: {new FileInfo(path).Length} bytes");
            return ExitCode.Done;
        }));
        return command;
    }

    private static string PathOf(string? dataDirectory) =>
        DataDirectory.StoreFileOf(Path.GetFullPath(dataDirectory!)); // the option has a default

    private static int Try(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (StoreException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return ExitCode.Failed;
        }
    }
}
