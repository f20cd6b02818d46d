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

    [Fact]
    public void Names_that_count_upwards_spread_over_a_table()
    {
        const int Buckets = 1 << 12;
        var counts = new int[Buckets];
        for (int i = 0; i < Buckets; i++)
        {
            counts[KeyHash.Of(System.Text.Encoding.UTF8.GetBytes($"pump,site=pilot,asset=PU-{i}")) & (Buckets - 1)]++;
        }

        Assert.InRange(counts.Max(), 1, 12); // a random spread has 7 or 8
    }
}
