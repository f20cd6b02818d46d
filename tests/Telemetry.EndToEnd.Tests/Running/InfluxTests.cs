namespace Telemetry.EndToEnd.Tests;

/// <summary>Tests with a real InfluxDB behind the service.</summary>
public abstract class InfluxTests : ServiceTests
{
    private protected InfluxServer Influx { get; private set; } = null!;

    /// <summary>What the class sets besides where the InfluxDB is.</summary>
    private protected abstract string[] Settings { get; }

    private protected override string[] Arguments =>
    [
        "--set", $"Influx:Url={Influx.Url}",
        "--set", "Influx:Api=V1",
        "--set", "Influx:BatchSeconds=0.2",
        .. Settings.SelectMany(setting => (string[])["--set", setting]),
    ];

    public override async Task InitializeAsync()
    {
        Influx = await InfluxServer.StartAsync(Directory.Path);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await Influx.DisposeAsync();
        await base.DisposeAsync();
    }
}
