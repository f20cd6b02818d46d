namespace Telemetry.Fuzz;

/// <summary>Runs one script; its connections are closed at the end, and may need a moment longer.</summary>
internal sealed class ScriptRun(Script script, FuzzServer server)
{
    private const int WaitTurnsMax = 40; // the server may owe no answer
    private const int PiecesMax = 4;

    private readonly List<ScriptLink> _links = [];

    public Script Script => script;

    /// <summary>Whether all its connections are over, on both sides.</summary>
    public bool IsOver => _links.TrueForAll(link => link.Served.IsCompleted && link.Reading.IsCompleted);

    public async Task RunAsync()
    {
        foreach (LinkPlan plan in script.Links)
        {
            _links.Add(server.Open(plan.Level, plan.OutPipeBytes));
        }

        foreach (ScriptStep step in script.Steps)
        {
            await RunAsync(step, _links[step.Link]);
        }

        foreach (ScriptLink link in _links)
        {
            link.GoOnReading();
            link.Close();
        }
    }

    /// <summary>What is wrong; null when nothing is. To be asked when it is over.</summary>
    public string? Complaint()
    {
        for (int i = 0; i < _links.Count; i++)
        {
            ScriptLink link = _links[i];
            Exception? broken = link.Served.Exception ?? link.Reading.Exception;
            string? complaint = broken?.ToString() ?? link.Complaint;
            if (complaint is not null)
            {
                return $"link {i}: {complaint}";
            }
        }

        return null;
    }

    private static async Task RunAsync(ScriptStep step, ScriptLink link)
    {
        switch (step.Action)
        {
            case ScriptAction.Send:
                await link.SendAsync(step.Bytes, pieces: 1, step.IsKnown);
                break;
            case ScriptAction.SendInPieces:
                await link.SendAsync(step.Bytes, PiecesMax, step.IsKnown);
                break;
            case ScriptAction.Wait:
                await WaitAsync(link);
                break;
            case ScriptAction.Acknowledge:
                await link.AcknowledgeAsync();
                break;
            case ScriptAction.StopReading:
                link.StopReading();
                break;
            case ScriptAction.Close:
                link.Close();
                break;
            default:
                link.Reset();
                break;
        }
    }

    private static async Task WaitAsync(ScriptLink link)
    {
        int before = link.ReceivedCount;
        for (int i = 0; i < WaitTurnsMax && link.ReceivedCount == before && !link.Served.IsCompleted; i++)
        {
            await Task.Yield();
        }
    }
}
