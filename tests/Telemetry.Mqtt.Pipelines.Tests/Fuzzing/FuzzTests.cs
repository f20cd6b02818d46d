using System.Globalization;
using Telemetry.Fuzz;
using Xunit.Abstractions;

namespace Telemetry.Mqtt.Pipelines.Fuzzing;

/// <summary>
/// A few seconds of the fuzzer, with another seed each time; <c>TELEMETRY_FUZZ_SEED</c> repeats one. CONTRIBUTING.md
/// says how to run it for longer.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper log)
{
    private const int Inputs = 200_000;
    private const int Scripts = 1_000;

    [Fact]
    public void The_framer_and_the_views_keep_their_promises_on_any_bytes()
    {
        var output = new StringWriter();
        var run = new FramerRun(Options("framer", Inputs), output);
        run.RunAll();
        Assert.True(run.Findings == 0, output.ToString());
        Assert.Equal(Inputs, run.Inputs);
    }

    [Fact]
    public async Task No_script_of_peers_does_harm_to_a_client_that_keeps_the_rules()
    {
        var output = new StringWriter();
        var run = new ConnectionRun(Options("connections", Scripts), output);
        Assert.True(await run.RunAllAsync(), output.ToString());
        Assert.Equal(Scripts, run.Scripts);
    }

    private FuzzOptions Options(string target, int count)
    {
        string? given = Environment.GetEnvironmentVariable("TELEMETRY_FUZZ_SEED");
        ulong seed = given is null ? FuzzOptions.NewSeed() : ulong.Parse(given, CultureInfo.InvariantCulture);
        log.WriteLine($"{target}: seed {seed}");
        return new FuzzOptions { Target = target, Count = count, Seed = seed, Workers = 1 };
    }
}
