namespace Telemetry.EndToEnd.Tests;

/// <summary>A directory of one test, deleted when it ends.</summary>
internal sealed class ScratchDirectory
{
    public string Path { get; } = Directory.CreateTempSubdirectory("telemetry-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Delete() => Directory.Delete(Path, recursive: true);
}
