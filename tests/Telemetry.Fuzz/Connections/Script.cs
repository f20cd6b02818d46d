using System.Text;

namespace Telemetry.Fuzz;

/// <summary>What up to three connections do, one step after the other.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Links">The connections, by what they are opened with.</param>
/// <param name="Steps">What happens.</param>
internal sealed record Script(long Index, IReadOnlyList<LinkPlan> Links, IReadOnlyList<ScriptStep> Steps)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Links.Count; i++)
        {
            text.AppendLine($"  link {i} is {Links[i].Level}, {Links[i].OutPipeBytes} bytes may wait for it");
        }

        foreach (ScriptStep step in Steps)
        {
            text.Append("  ").AppendLine(step.ToString());
        }

        return text.ToString();
    }
}
