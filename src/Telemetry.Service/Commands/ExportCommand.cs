using System.CommandLine;

namespace Telemetry.Service;

/// <summary>
/// <c>telemetry export</c>: stored samples into a file, day by day, with a bar that shows how far it is. One that was
/// broken off goes on where it stopped.
/// </summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The file to write" };
        var from = Text("--from", "First time, such as 2026-01-31 or 2026-01-31T08:00:00Z");
        var to = Text("--to", "End, not included");
        var signals = Text("--signals", "Signals, such as CR-201.motor_current,CR-201.motor_power");
        var measurement = Text("--measurement", "All signals of a type of equipment");
        var asset = Text("--asset", "All signals of an asset");
        var format = Text("--format", "csv (usual), jsonl or lp");
        var shape = Text("--shape", "long (usual): a row per sample; wide: a column per signal");
        var zone = Text("--zone", "Adds local times; times above without an offset are of this zone");
        Option<string>[] parameters = [signals, measurement, asset, format, shape, zone];
        var address = new ServiceAddress();
        var command = new Command("export", "Write stored samples with units and qualities into a file")
        {
            file, from, to,
        };
        foreach (Option<string> parameter in parameters)
        {
            command.Options.Add(parameter);
        }

        (from.Required, to.Required) = (true, true);
        address.AddTo(command);
        command.SetAction((arguments, cancellation) => ServiceQuestion.AskAsync(address, arguments, client =>
        {
            string query = string.Concat(parameters
                .Where(parameter => arguments.GetValue(parameter) is not null)
                .Select(parameter =>
                    $"&{parameter.Name.TrimStart('-')}={Uri.EscapeDataString(arguments.GetValue(parameter)!)}"));
            var download = new ExportDownload(client, arguments.GetValue(file)!, query);
            return download.RunAsync(
                arguments.GetValue(from)!, arguments.GetValue(to)!, arguments.GetValue(zone), cancellation);
        }));
        return command;
    }

    private static Option<string> Text(string name, string description) => new(name) { Description = description };
}
