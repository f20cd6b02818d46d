using System.CommandLine;
using Telemetry.Service;

var root = new RootCommand("Mine-site telemetry: takes in MQTT, keeps time series, raises alarms.")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    SimulateCommand.Create(),
    CheckCommand.Create(),
    QueryCommand.Create(),
    ExportCommand.Create(),
    StoreCommand.Create(),
    LedgerCommand.Create(),
    DetectCommand.Create(),
    TapCommand.Create(),
    WhyCommand.Create(),
    QuarantineCommand.Create(),
    RedecodeCommand.Create(),
    RouteCommand.Create(),
    HealthCommand.Create(),
    GatewayCommand.Create(),
    SiteCommand.Create(),
};

// A drain takes its time; the host itself gives up after its own shutdown timeout, which is shorter.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await root.Parse(args).InvokeAsync(invocation);
