using System.Globalization;
using System.Text;

namespace Telemetry.Service;

/// <summary>What a gateway needs to know of the service and of itself.</summary>
/// <param name="Host">Where the service is.</param>
/// <param name="Port">Its MQTT port.</param>
/// <param name="IsTls">Whether that is TLS.</param>
/// <param name="Name">User name and client identifier.</param>
/// <param name="Password">Its password; null when its certificate proves it.</param>
/// <param name="Publish">What it may publish to, as topic filters with <c>%u</c> and <c>%c</c>.</param>
internal sealed record GatewayTerms(
    string Host, int Port, bool IsTls, string Name, string? Password, IReadOnlyList<string> Publish)
{
    /// <summary>The topic below which it publishes.</summary>
    public string TopicBase => TopicOf(Publish[0]).TrimEnd('#').TrimEnd('/') is { Length: > 0 } topic ? topic : Name;

    /// <summary>A topic to try it with.</summary>
    public string Topic => Publish[0].EndsWith('#') ? $"{TopicBase}/test" : TopicBase;

    /// <summary>Telegraf's topic, whose third level names the gateway where its rights take that.</summary>
    public string TelegrafTopic => Publish.Contains("telegraf/+/%u/#") ? $"telegraf/site/{Name}" : Topic;

    /// <summary>Whether its rights take Sparkplug's topics.</summary>
    public bool MaySparkplug => Publish.Any(
        filter => filter == "#" || filter.StartsWith("spBv1.0/", StringComparison.Ordinal));

    private string TopicOf(string filter) => filter
        .Replace("%u", Name, StringComparison.Ordinal)
        .Replace("%c", Name, StringComparison.Ordinal)
        .Replace("+", "x", StringComparison.Ordinal);
}

/// <summary>
/// Ready configuration of gateways, from the templates in <c>Commands/Gateways</c>: <c>&lt;&lt;name&gt;&gt;</c> is
/// filled in, and a line that begins with <c>[tls]</c> and the like is for that case only.
/// </summary>
internal static class GatewayConfiguration
{
    /// <summary>Stands for all kinds.</summary>
    public const string All = "all";

    private const string CaFile = "ca.crt";

    private static readonly Dictionary<string, string> Templates = new(StringComparer.Ordinal)
    {
        ["mosquitto_pub"] = "mosquitto_pub.sh",
        ["telegraf"] = "telegraf.toml",
        ["node-red"] = "node-red.json",
        ["esp32"] = "esp32.ino",
        ["chirpstack"] = "chirpstack.toml",
        ["sparkplug"] = "sparkplug.js",
    };

    /// <summary>What there are templates for.</summary>
    public static IReadOnlyCollection<string> Kinds => Templates.Keys;

    /// <summary>The configuration, ready to be used.</summary>
    public static string Render(string kind, GatewayTerms terms)
    {
        string file = Templates[kind];
        Func<string, string> escape = file.EndsWith(".sh", StringComparison.Ordinal) ? ShellQuoted : Escaped;
        var text = new StringBuilder();
        foreach (string line in Read(file).Split('\n'))
        {
            if (TryTake(line, terms, out string taken))
            {
                text.Append(Fill(taken, terms, escape)).Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static bool TryTake(string line, GatewayTerms terms, out string taken)
    {
        taken = line;
        (string Mark, bool Holds)[] cases =
        [
            ("[tls]", terms.IsTls),
            ("[plain]", !terms.IsTls),
            ("[password]", terms.Password is not null),
            ("[certificate]", terms.Password is null),
            ("[no-sparkplug]", !terms.MaySparkplug),
        ];
        foreach ((string mark, bool holds) in cases)
        {
            if (!taken.StartsWith(mark, StringComparison.Ordinal))
            {
                continue;
            }

            if (!holds)
            {
                return false;
            }

            taken = taken[mark.Length..];
        }

        return true;
    }

    /// <summary>The password comes last: nothing in it is taken for a place.</summary>
    private static string Fill(string line, GatewayTerms terms, Func<string, string> escape) => line
        .Replace("<<host>>", escape(terms.Host), StringComparison.Ordinal)
        .Replace("<<port>>", terms.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("<<ca>>", escape(CaFile), StringComparison.Ordinal)
        .Replace("<<name>>", escape(terms.Name), StringComparison.Ordinal)
        .Replace("<<base>>", escape(terms.TopicBase), StringComparison.Ordinal)
        .Replace("<<telegraf>>", escape(terms.TelegrafTopic), StringComparison.Ordinal)
        .Replace("<<topic>>", escape(terms.Topic), StringComparison.Ordinal)
        .Replace("<<password>>", escape(terms.Password ?? ""), StringComparison.Ordinal);

    private static string ShellQuoted(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-_.:@/".Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>As JSON, TOML, JavaScript and C have it in double quotes.</summary>
    private static string Escaped(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Read(string file)
    {
        using Stream stream = typeof(GatewayConfiguration).Assembly
            .GetManifestResourceStream($"Telemetry.Service.{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
