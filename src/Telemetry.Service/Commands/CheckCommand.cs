using System.CommandLine;

namespace Telemetry.Service;

/// <summary><c>telemetry check</c>: validates settings and site file without starting anything.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var options = new ServeOptions();
        var command = new Command("check", "Check settings and site file; every fault is named with file and line");
        options.AddTo(command);
        command.SetAction(arguments =>
        {
            if (options.Read(arguments) is not { } settings)
            {
                return ExitCode.BadSettings;
            }

            Console.WriteLine(
                $"settings and site '{settings.Site.Site}' are good: {settings.Site.Assets.Count} assets, "
                + $"{settings.Site.Signals.Count} signals, {settings.Site.Gateways.Count} gateways, "
                + $"{settings.Site.Routes.Count} routes");
            return ExitCode.Done;
        });
        return command;
    }
}
