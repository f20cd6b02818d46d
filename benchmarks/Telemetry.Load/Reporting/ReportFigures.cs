namespace Telemetry.Load;

/// <summary>The results of all rounds, by scene.</summary>
internal sealed class ReportFigures(int rounds)
{
    private readonly Dictionary<string, List<LoadResult>> _results = [];
    private int _missed;

    /// <summary>Rounds asked for.</summary>
    public int Rounds => rounds;

    /// <summary>Whether all were measured, and all points were stored once.</summary>
    public bool IsComplete => _missed == 0 && _results.Values.SelectMany(list => list).All(r => r.IsComplete);

    public static string MosquittoKey(string scene) => $"{scene} mosquitto";

    public void Add(string key, LoadResult result)
    {
        if (!_results.TryGetValue(key, out List<LoadResult>? list))
        {
            _results[key] = list = [];
        }

        list.Add(result);
    }

    public void MissOne() => _missed++;

    /// <summary>All rounds of a scene; none when it could not be measured.</summary>
    public IReadOnlyList<LoadResult> Of(string key) => _results.GetValueOrDefault(key) ?? [];

    /// <summary>NaN when the scene could not be measured.</summary>
    public double Median(string key, Func<LoadResult, double> figure) => Comparison.Median(Of(key), figure);

    public double Best(string key, Func<LoadResult, double> figure) =>
        Of(key).Select(figure).DefaultIfEmpty(double.NaN).Max();

    /// <summary>CPU time beside mosquitto's for the same load, both medians of their rounds.</summary>
    public double MosquittoRatio(string key, string peer) =>
        Median(key, r => r.CpuPerMillion) / Median(MosquittoKey(peer), r => r.CpuPerMillion);
}
