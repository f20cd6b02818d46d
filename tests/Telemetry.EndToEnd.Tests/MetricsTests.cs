using Telemetry.Testing;

namespace Telemetry.EndToEnd.Tests;

/// <summary>What a service that has seen nothing yet serves at <c>/metrics</c>.</summary>
[Collection(OneAtATime.Name)]
public sealed class MetricsTests : IAsyncLifetime, IDisposable
{
    private const string TypeLine = "# TYPE ";
    private readonly ScratchDirectory _directory = new();
    private RunningService _service = null!;

    public async Task InitializeAsync() => _service = await RunningService.ServeAsync(_directory.Path);

    public async Task DisposeAsync() => await _service.DisposeAsync();

    public void Dispose() => _directory.Delete();

    [Fact]
    public async Task All_metrics_but_those_that_wait_for_an_event_or_a_broker_are_there_from_the_start()
    {
        IEnumerable<string> documented = DocumentRow.ReadAll("docs/operations/metrics.md")
            .Where(row => row.Section != "Brokers" && !row.Columns[0].EndsWith('*'))
            .Select(row => row.Spans(0)[0]);

        string[] served = await TypesAsync();

        Assert.Equal(
            documented.Order(StringComparer.Ordinal),
            served.Select(type => type.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Names_that_end_in_total_are_counters_and_no_others()
    {
        Assert.All(await TypesAsync(), type => Assert.Equal(
            type.Split(' ')[0].EndsWith("_total", StringComparison.Ordinal) ? "counter" : "gauge", type.Split(' ')[1]));
    }

    private async Task<string[]> TypesAsync() =>
        [.. (await _service.TextAsync("/metrics"))
            .Split('\n')
            .Where(line => line.StartsWith(TypeLine, StringComparison.Ordinal))
            .Select(line => line[TypeLine.Length..])];
}
