using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Telemetry.Benchmarks.Mqtt;

namespace Telemetry.Benchmarks.Tests;

/// <summary>No benchmark allocates more than <c>benchmarks/ceilings.json</c> allows, in bytes per operation.</summary>
public sealed class CeilingTests
{
    private static readonly IReadOnlyDictionary<string, double> Ceilings =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(FilePath()))!;

    public static TheoryData<string> Scenes => [.. Scene.All.Select(scene => scene.ToString())];

    [Theory]
    [MemberData(nameof(Scenes))]
    public void A_benchmark_allocates_no_more_than_its_ceiling(string name)
    {
        Scene scene = Scene.All.Single(scene => scene.ToString() == name);

        Assert.InRange(scene.MeasureAllocatedBytes(), 0, Ceilings[scene.Name]);
    }

    [Fact]
    public void Every_benchmark_has_a_ceiling_and_every_ceiling_a_benchmark() => Assert.Equal(
        Scene.All.Select(scene => scene.Name).Distinct().Order(StringComparer.Ordinal),
        Ceilings.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_measure_sees_what_a_baseline_allocates()
    {
        MethodInfo baseline =
            typeof(PublishReading).GetMethod(nameof(PublishReading.Level_3_1_1_into_string_and_array))!;

        Assert.InRange(new Scene(baseline, []).MeasureAllocatedBytes(), 100, 300); // a string and an array
    }

    private static string FilePath([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "benchmarks", "ceilings.json");
}
