namespace Telemetry.EndToEnd.Tests;

/// <summary>What an engineer sees of a gateway that nobody has written a route for.</summary>
[Collection(OneAtATime.Name)]
public sealed class RecognitionTests : IAsyncLifetime, IDisposable
{
    private const string Values =
        """{"timestamp":1768455902000,"values":[{"id":"Mill.PLC1.Load","v":182.5,"q":true,"t":1768455902000}]}""";

    private readonly ScratchDirectory _directory = new();
    private RunningService _service = null!;

    private string Url => $"http://127.0.0.1:{_service.HttpPort}";

    public async Task InitializeAsync() => _service = await RunningService.ServeAsync(_directory.Path);

    public async Task DisposeAsync() => await _service.DisposeAsync();

    public void Dispose() => _directory.Delete();

    [Fact]
    public async Task Its_messages_are_proposed_with_reasons_and_with_what_they_would_store()
    {
        await _service.PublishAsync("iotgateway", Values);
        await _service.ExpectMetricAsync("telemetry_ingestion_messages_total{fate=\"decoded\"}", 1);

        string list = await RunningService.CommandAsync("route", "list", "--url", Url);
        string shown = await RunningService.CommandAsync("route", "show", "kepware-iot-gateway", "--url", Url);

        Assert.StartsWith("kepware-iot-gateway  98 %  Kepware IoT Gateway (measurement)", list);
        Assert.Contains("  - key values.t with milliseconds since 1970: 1768455902000\n", shown);
        Assert.Contains("  kepware,channel=Mill,device=PLC1 Load=182.5 2026-01-15T05:45:02Z\n", shown);
        Assert.Contains("  - name: kepware-iot-gateway\n    topic: iotgateway\n    decoder: json\n", shown);
    }

    [Fact]
    public async Task What_was_never_proposed_cannot_be_confirmed()
    {
        await using ToolRun run = ToolRun.Start(
            RunningService.Executable, ["route", "confirm", "nobody", "--url", Url]);

        Assert.Equal(1, await run.WaitAsync());
        Assert.Contains("there is no proposal 'nobody'", run.Output);
    }
}
