using Telemetry.Load;

// Usage: benchmarks/README.md. `run` loads a server that is there; the others start their own.

if (args.Length == 0 || args[0] is not ("run" or "compare" or "storm" or "idle" or "start" or "stores" or "report"))
{
    await Console.Error.WriteLineAsync(
        "usage: Telemetry.Load run|compare|storm|idle|start|stores|report "
        + "[--host H] [--port N] [--http-port N] [--pid N] "
        + "[--connections N] [--messages N] [--points N] [--qos 0|1] [--rate N] [--window N] [--burst N] [--series N] "
        + "[--format lp|json] [--measurement NAME] [--detection on|off] [--influx on|off] [--sync-delay MS] "
        + "[--telemetry PATH] [--rounds N] [--seconds N] [--percent N] [--days N] [--docs FOLDER]");
    return 2;
}

var line = new CommandLine(args);
string telemetry = line.Text("--telemetry", "telemetry");
var options = new LoadOptions
{
    Host = line.Text("--host", "127.0.0.1"),
    Port = line.Number("--port", 1883),
    HttpPort = line.Number("--http-port", 0),
    Pid = line.Number("--pid", 0),
    Connections = line.Number("--connections", 50),
    Messages = line.Long("--messages", 1_000_000),
    PointsPerMessage = line.Number("--points", 1),
    Qos = line.Number("--qos", 1),
    Rate = line.Number("--rate", 0),
    Window = line.Number("--window", 1_000),
    Burst = line.Number("--burst", 250),
    Series = line.Number("--series", 1_000),
    Format = line.Text("--format", "lp"),
    Measurement = line.Text("--measurement", LoadSite.Measured),
    Detection = line.IsOn("--detection", true),
    Influx = line.IsOn("--influx", false),
    SyncMilliseconds = line.Number("--sync-delay", 0),
};

switch (args[0])
{
    case "storm":
        return await Storm.RunAsync(telemetry, line.Number("--connections", 2_000));
    case "idle":
        return await IdleRun.RunAsync(
            telemetry, line.Number("--connections", 10_000), line.Number("--seconds", 30));
    case "compare":
        return await Comparison.RunAsync(options, telemetry, line.Number("--rounds", 5));
    case "start":
        return await StartRun.PrintAsync(telemetry);
    case "stores":
        return await StoreRun.RunAsync(telemetry, line.Number("--days", 30), line.Number("--rounds", 5));
    case "report":
        return await Report.RunAsync(
            telemetry, line.Number("--rounds", 5), line.Number("--percent", 100), line.Text("--docs", "docs"));
    default:
        return await SceneRun.AgainstRunningAsync(options);
}
