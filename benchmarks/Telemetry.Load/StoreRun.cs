using System.Globalization;

namespace Telemetry.Load;

/// <summary>
/// The embedded store beside InfluxDB and VictoriaMetrics: the same lines written to each, bytes on disk when all is
/// compacted, and the same questions in turn, each asked of all before the next.
/// </summary>
internal static class StoreRun
{
    public static async Task<int> RunAsync(string telemetry, int days, int rounds)
    {
        var data = new SensorWalk(days);
        StorePeer[] peers = [StorePeer.Telemetry(telemetry), StorePeer.InfluxDb(), StorePeer.VictoriaMetrics()];
        var stores = new List<RunningStore>();
        try
        {
            Console.WriteLine($"{data.SampleCount:N0} samples");
            Console.WriteLine(
                "| store | CPU-s per million samples written | bytes per sample on disk |\n|---|---|---|");
            foreach (StorePeer peer in peers)
            {
                stores.Add(new RunningStore(peer));
                await stores[^1].FillAsync(data);
                long bytes = await stores[^1].SettleAsync();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {peer.Name} | {stores[^1].CpuSeconds / data.SampleCount * 1e6:F2} "
                    + $"| {(double)bytes / data.SampleCount:F2} |"));
            }

            await AskAsync(stores, data, rounds);
            return 0;
        }
        finally
        {
            stores.ForEach(store => store.Dispose());
        }
    }

    private static async Task AskAsync(List<RunningStore> stores, SensorWalk data, int rounds)
    {
        string names = string.Join(" | ", stores.Select(store => store.Peer.Name));
        Console.WriteLine($"\n| question, ms (median of {rounds}) | {names} |\n|---|---|---|---|");
        for (int question = 0; question < StorePeer.Asked.Length; question++)
        {
            var times = stores.Select(_ => new List<double>()).ToList();
            var sizes = new int[stores.Count];
            for (int round = 0; round <= rounds; round++)
            {
                for (int i = 0; i < stores.Count; i++)
                {
                    (double took, sizes[i]) = await stores[i].AskAsync(stores[i].Peer.Questions(data)[question]);
                    if (round > 0) // the first one warms up
                    {
                        times[i].Add(took);
                    }
                }
            }

            IEnumerable<string> cells = times.Select((all, i) => string.Create(
                CultureInfo.InvariantCulture, $"{all.Order().ElementAt(rounds / 2):F1} ({sizes[i]:N0} bytes)"));
            Console.WriteLine($"| {StorePeer.Asked[question]} | {string.Join(" | ", cells)} |");
        }
    }
}
