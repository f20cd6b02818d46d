using System.Text.Json;
using System.Text.RegularExpressions;

namespace Telemetry.Service.Tests.Commands;

public sealed class GatewayConfigurationTests
{
    private const string Password = "a\"b\\c'd <<topic>>";

    private static readonly GatewayTerms Plain = new(
        "10.0.0.1", 1883, IsTls: false, "gw-1", Password, ["%u/#", "telegraf/+/%u/#", "spBv1.0/+/+/%u/#"]);

    private static readonly GatewayTerms Tls = Plain with { Port = 8883, IsTls = true };

    private static readonly GatewayTerms Certificate = Tls with { Password = null };

    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (string kind in GatewayConfiguration.Kinds)
        {
            data.Add(kind, "plain");
            data.Add(kind, "tls");
            data.Add(kind, "certificate");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_kind_names_host_port_and_gateway_and_leaves_no_place_open(string kind, string how)
    {
        GatewayTerms terms = TermsOf(how);
        terms = terms with { Password = terms.Password is null ? null : "secret" };
        string text = GatewayConfiguration.Render(kind, terms);
        Assert.Contains(terms.Host, text, StringComparison.Ordinal);
        Assert.Contains(terms.Port.ToString(), text, StringComparison.Ordinal);
        Assert.Contains("gw-1", text, StringComparison.Ordinal);
        Assert.Equal(terms.Password is not null, text.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain("<<", text, StringComparison.Ordinal);
        var mark = new Regex(@"^\[(tls|plain|password|certificate|no-sparkplug)\]", RegexOptions.Multiline);
        Assert.DoesNotMatch(mark, text);
        Assert.Equal(terms.IsTls, text.Contains("ca.crt", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plain", "", 3)]
    [InlineData("tls", "", 4)]
    [InlineData("certificate", "gateway.crt", 4)]
    public void The_flow_of_Node_RED_is_JSON_whose_wires_and_configuration_nodes_are_there(
        string how, string certificate, int nodes)
    {
        GatewayTerms terms = TermsOf(how);
        JsonElement flow = JsonDocument.Parse(GatewayConfiguration.Render("node-red", terms)).RootElement;
        Assert.Equal(nodes, flow.GetArrayLength());
        JsonElement[] all = [.. flow.EnumerateArray()];
        JsonElement output = all.Single(node => node.GetProperty("type").GetString() == "mqtt out");
        JsonElement broker = all.Single(node => node.GetProperty("type").GetString() == "mqtt-broker");
        Assert.Equal(broker.GetProperty("id").GetString(), output.GetProperty("broker").GetString());
        Assert.Equal("1", output.GetProperty("qos").GetString());
        Assert.Equal(
            output.GetProperty("id").GetString(), all[0].GetProperty("wires")[0][0].GetString());
        Assert.Equal(how != "certificate", broker.TryGetProperty("credentials", out JsonElement credentials));
        if (how != "certificate")
        {
            Assert.Equal(Password, credentials.GetProperty("password").GetString());
        }

        string found = all.Where(node => node.GetProperty("type").GetString() == "tls-config")
            .Select(node => node.GetProperty("cert").GetString()!)
            .FirstOrDefault("");
        Assert.Equal(certificate, found);
    }

    [Theory]
    [InlineData("telegraf")]
    [InlineData("chirpstack")]
    public void TOML_has_a_table_or_one_key_and_value_on_each_line(string kind)
    {
        string[] lines = GatewayConfiguration.Render(kind, Tls).Split('\n');
        var keys = new HashSet<string>(StringComparer.Ordinal);
        string table = "";
        foreach (string line in lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            Match key = Regex.Match(line, """^(\w+) = ("(\\.|[^"\\])*"|\d+|true|false|\["(\\.|[^"\\])*"\])$""");
            Assert.True(key.Success || Regex.IsMatch(line, @"^\[{1,2}[\w.]+\]{1,2}$"), line);
            table = key.Success ? table : line;
            Assert.True(keys.Add(key.Success ? $"{table} {key.Groups[1].Value}" : line), $"{line} stands twice");
        }

        Assert.Contains("password = \"a\\\"b\\\\c'd <<topic>>\"", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_follow_the_rights()
    {
        GatewayTerms narrow = Plain with { Publish = ["plant/%u/+/value"] };
        Expect("telegraf", Plain, "\"telegraf/site/gw-1\"");
        Expect("telegraf", narrow, "\"plant/gw-1/x/value\"");
        Expect("mosquitto_pub", Plain, "-t gw-1/test ");
        Expect("sparkplug", narrow, "--publish 'spBv1.0");
        Assert.DoesNotContain("--publish", GatewayConfiguration.Render("sparkplug", Plain), StringComparison.Ordinal);

        static void Expect(string kind, GatewayTerms terms, string part) =>
            Assert.Contains(part, GatewayConfiguration.Render(kind, terms), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_with_quotes_is_one_word_of_the_shell() => Assert.Contains(
        """-P 'a"b\c'\''d <<topic>>' """,
        GatewayConfiguration.Render("mosquitto_pub", Plain),
        StringComparison.Ordinal);

    private static GatewayTerms TermsOf(string how) => how switch
    {
        "plain" => Plain,
        "tls" => Tls,
        _ => Certificate,
    };
}
