using System.Text;

namespace Telemetry.Ingestion.Tests;

public sealed class LineFieldsTests
{
    [Theory]
    [InlineData("m v=1 7\n", "m", "v", true)]
    [InlineData("m w=1,v=2 7\n", "m", "v", true)]
    [InlineData("m,v=a w=1 7\n", "m", "v", false)]
    [InlineData("m,t=a w=1 7\n", "n", "w", false)]
    [InlineData("m\\ x\\,y,t=a\\ b a\\=b\\ c=1 7\n", "m x,y", "a=b c", true)]
    [InlineData("m s=\"a,v=\\\"1 v=\",w=2 7\n", "m", "v", false)]
    [InlineData("m s=\"a,v=\\\"1 v=\",w=2 7\n", "m", "w", true)]
    [InlineData("m s=\"\\\\\",v=2 7\n", "m", "v", true)]
    [InlineData("m s=\"a\nb v=1\" 7\n", "m", "v", false)]
    [InlineData("m s=\"unclosed", "m", "v", false)]
    [InlineData("m", "m", "v", false)]
    [InlineData("", "", "v", false)]
    public void A_line_holds_the_fields_that_it_has(string line, string measurement, string field, bool expected) =>
        Assert.Equal(expected, LineFields.Holds(Encoding.UTF8.GetBytes(line), measurement, field));

    [Fact]
    public void Any_cut_of_a_line_is_read_to_its_end()
    {
        byte[] line = Encoding.UTF8.GetBytes("m\\ x,t=a s=\"a\\\"b,c\",v=2 7\n");
        for (int bytes = 0; bytes <= line.Length; bytes++)
        {
            Assert.False(LineFields.Holds(line.AsSpan(0, bytes), "m x", "none"));
        }
    }
}
