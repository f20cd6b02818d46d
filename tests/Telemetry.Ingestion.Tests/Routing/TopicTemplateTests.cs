namespace Telemetry.Ingestion.Tests;

public sealed class TopicTemplateTests
{
    [Fact]
    public void Places_stand_for_levels_the_topic_and_the_client()
    {
        Check("", "");
        Check("crusher", "crusher");
        Check("{1}", "mine");
        Check("{2}-{3}", "north-cr-201");
        Check("{4}", "");
        Check("{0}", "");
        Check("{topic}", "mine/north/cr-201");
        Check("{client}.{1}", "gw-1.mine");
        Check("{nothing}", "");
        Check("a{1", "a{1");
        Check("a}b{2}", "a}bnorth");
        Check("{ 1}", "");
    }

    [Fact]
    public void A_leading_slash_makes_the_first_level_empty()
    {
        Check("{1}|{2}", "|mine", "/mine");
        Check("{2}|{3}", "mine|", "/mine/");
    }

    [Fact]
    public void A_template_knows_what_it_depends_on()
    {
        Assert.True(new TopicTemplate("x{client}").NamesClient);
        Assert.False(new TopicTemplate("x{client}").NamesTopic);
        Assert.True(new TopicTemplate("{client}{1}").NamesTopic);
        Assert.False(new TopicTemplate("client").NamesClient);
        Assert.True(new TopicTemplate("").IsEmpty);
    }

    private static void Check(string template, string expected, string topic = "mine/north/cr-201") =>
        Assert.Equal(expected, new TopicTemplate(template).Render(topic, "gw-1"));
}
