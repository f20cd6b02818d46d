using System.Text;

namespace Telemetry.Access.Tests;

public sealed class IdentityFormatTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        GatewayIdentity identity = Scratch.Identity("gw-1", rights: ["a/%u/#", "%c/+"]) with
        {
            Certificates = ["gw-1.mine.example"],
            Rotated = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
        };

        byte[] bytes = IdentityFormat.Write(new IdentityTable([identity]));
        GatewayIdentity read = IdentityFormat.Read(bytes, out string fault)!.Find("gw-1")!;

        Assert.Equal("", fault);
        Assert.Equal(identity.Password!.Text, read.Password!.Text);
        Assert.Equal(identity.Publish, read.Publish);
        Assert.Equal(identity.Certificates, read.Certificates);
        Assert.Equal((identity.Created, identity.Rotated, null), (read.Created, read.Rotated, read.Revoked));
        Assert.Equal(bytes, IdentityFormat.Write(new IdentityTable([read])));
    }

    [Fact]
    public void A_file_of_version_1_as_it_lies_on_disks_is_read()
    {
        const string file = """
            {
              "version": 1,
              "identities": [
                {
                  "name": "gw-07",
                  "password": "pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$hRRjgXWkW8ResfIvBP99J_T4vkgEmMRV_0tJTOjR59I",
                  "certificates": ["gw-07.mine.example"],
                  "publish": ["%u/#"],
                  "subscribe": ["%u/#"],
                  "created": "2026-01-15T08:00:00+00:00",
                  "revoked": "2026-03-01T08:00:00+00:00"
                }
              ]
            }
            """;
        IdentityTable table = IdentityFormat.Read(Encoding.UTF8.GetBytes(file), out string fault)!;

        Assert.Equal("", fault);
        Assert.True(table.Find("gw-07")!.Password!.Matches("password"u8));
        Assert.True(table.FindByCertificate("GW-07.mine.example")!.IsRevoked);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "empty")]
    [InlineData("""{"version":2,"identities":[]}""", "expected version 1, found 2")]
    [InlineData("""{"version":1,"identities":[{"name":"a"},{"name":"a"}]}""", "'a' is there twice")]
    [InlineData("""{"version":1,"identities":[{"name":"a b"}]}""", "'a b' is no name")]
    [InlineData("""{"version":1,"identities":[{"name":"a/b"}]}""", "'a/b' is no name")]
    [InlineData("""{"version":1,"identities":[{"name":"+"}]}""", "'+' is no name")]
    [InlineData("""{"version":1,"identities":[{"name":"a","password":"secret"}]}""", "no hash of ours")]
    [InlineData("""{"version":1,"identities":[{"name":"a","publish":["x/#/y"]}]}""", "'x/#/y', which is no")]
    [InlineData("""{"version":1,"identities":[{"name":"a","publish":["gw-%u/#"]}]}""", "'gw-%u/#'")]
    [InlineData("""{"version":1,"identities":[{"name":"a","publsh":["x"]}]}""", "publsh")]
    [InlineData(
        """{"version":1,"identities":[{"name":"a","certificates":["X"]},{"name":"b","certificates":["x"]}]}""",
        "'x' is there twice")]
    public void A_file_with_a_fault_is_refused_and_says_why(string json, string expected)
    {
        Assert.Null(IdentityFormat.Read(Encoding.UTF8.GetBytes(json), out string fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "'gw' has a list of 65, at most 64 are taken")]
    public void A_list_of_rights_may_have_so_many_filters(int beyond, string fault)
    {
        string[] filters =
            [.. Enumerable.Range(0, AccessLimits.FiltersPerIdentityMax + beyond).Select(i => $"topic/{i}")];
        Assert.Equal(fault, IdentityFormat.FaultOf(new GatewayIdentity { Name = "gw", Publish = filters }));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "20001 identities, at most 20000 are taken")]
    public void A_file_may_have_so_many_identities(int beyond, string fault)
    {
        var identities = Enumerable.Range(0, AccessLimits.IdentitiesMax + beyond)
            .Select(i => new GatewayIdentity { Name = $"gw-{i}", Certificates = [$"gw-{i}.example"] });
        byte[] file = IdentityFormat.Write(new IdentityTable(identities));
        IdentityTable? table = IdentityFormat.Read(file, out string told);
        Assert.Equal((fault, beyond == 0), (told, table is not null));
    }
}
