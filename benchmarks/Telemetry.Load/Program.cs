using System.Globalization;
using Telemetry.Load;

// Usage:
//   Telemetry.Load run     --port N [--http-port N] [--pid N] [--connections 50] [--messages 1000000] [--points 1] …
//   Telemetry.Load compare --telemetry PATH [--rounds 5] [--messages 1000000] …   the service beside mosquitto, in turn
//   Telemetry.Load storm   --telemetry PATH [--connections 2000]                  all gateways back after a grid cut
//   Telemetry.Load idle    --telemetry PATH [--connections 10000] [--seconds 30]  connections that say nothing

if (args.Length == 0 || args[0] is not ("run" or "compare" or "storm" or "idle"))
{
    await Console.Error.WriteLineAsync(
        "usage: Telemetry.Load run|compare|storm|idle [--host H] [--port N] [--http-port N] [--pid N] "
        + "[--connections N] [--messages N] [--points N] [--qos 0|1] [--rate N] [--window N] [--burst N] [--series N] "
        + "[--format lp|json] [--measurement NAME] [--telemetry PATH] [--rounds N] [--seconds N]");
    return 2;
}

string Text(string name, string initial)
{
    int at = Array.IndexOf(args, name);
    return at > 0 && at + 1 < args.Length ? args[at + 1] : initial;
}

long Number(string name, long initial) =>
    long.Parse(Text(name, initial.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

var options = new LoadOptions
{
    Host = Text("--host", "127.0.0.1"),
    Port = (int)Number("--port", 1883),
    HttpPort = (int)Number("--http-port", 0),
    Pid = (int)Number("--pid", 0),
    Connections = (int)Number("--connections", 50),
    Messages = Number("--messages", 1_000_000),
    PointsPerMessage = (int)Number("--points", 1),
    Qos = (int)Number("--qos", 1),
    Rate = (int)Number("--rate", 0),
    Window = (int)Number("--window", 1_000),
    Burst = (int)Number("--burst", 250),
    Series = (int)Number("--series", 1_000),
    Format = Text("--format", "lp"),
    Measurement = Text("--measurement", "load"),
};

if (args[0] == "storm")
{
    return await Storm.RunAsync(Text("--telemetry", "telemetry"), (int)Number("--connections", 2_000));
}

if (args[0] == "idle")
{
    return await IdleRun.RunAsync(
        Text("--telemetry", "telemetry"), (int)Number("--connections", 10_000), (int)Number("--seconds", 30));
}

if (args[0] == "compare")
{
    return await Comparison.RunAsync(options, Text("--telemetry", "telemetry"), (int)Number("--rounds", 5));
}

double allocatedBefore = await AllocatedBytes.ReadAsync(options);
await Console.Out.WriteLineAsync(LoadRun.Run(options).ToString());
if (options.HttpPort == 0)
{
    return 0;
}

bool isAllStored = await StoredCount.MatchesAsync(options);
await AllocatedBytes.PrintAsync(options, allocatedBefore); // storing is part of a message's bill
return isAllStored ? 0 : 1;
