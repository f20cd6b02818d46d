using System.Globalization;
using System.Text;

namespace Telemetry.Model.Tests.Points;

public sealed class KeyHashTests
{
    [Fact]
    public void A_change_of_any_byte_at_any_length_changes_the_hash()
    {
        for (int length = 1; length <= 40; length++)
        {
            var key = new byte[length];
            uint before = KeyHash.Of(key);
            Assert.Equal(before, KeyHash.Of(new byte[length]));
            for (int i = 0; i < length; i++)
            {
                key[i] = 1;
                Assert.NotEqual(before, KeyHash.Of(key));
                key[i] = 0;
            }
        }
    }

    [Theory]
    [InlineData("pump,site=pilot,asset=PU-{0}")]
    [InlineData("gw-{0}")]
    [InlineData("site/crushing/load-{0}")]
    [InlineData("mine/{0}/state")]
    [InlineData("{0}")]
    public void Names_that_count_upwards_spread_over_a_table(string name)
    {
        foreach (int buckets in (int[])[1 << 10, 1 << 14, 1 << 17])
        {
            var counts = new int[buckets];
            for (int i = 0; i < buckets; i++)
            {
                string key = string.Format(CultureInfo.InvariantCulture, name, i);
                counts[KeyHash.Of(Encoding.UTF8.GetBytes(key)) & (uint)(buckets - 1)]++;
            }

            double looks = counts.Sum(count => count * (count + 1) / 2.0) / buckets; // until a name is found
            Assert.InRange(looks, 1, 1.65); // a random spread has 1.5
        }
    }
}
