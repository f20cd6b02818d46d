namespace Telemetry.Access.Tests;

public sealed class CredentialCacheTests
{
    [Fact]
    public void It_knows_what_was_verified_and_nothing_near_it()
    {
        var cache = new CredentialCache();
        var hash = PasswordHash.Of("right", 1_000);
        cache.Add("gw-1", hash, "right"u8);

        Assert.True(cache.Knows("gw-1", hash, "right"u8));
        Assert.False(cache.Knows("gw-1", hash, "wrong"u8));
        Assert.False(cache.Knows("gw-2", hash, "right"u8));
        Assert.False(cache.Knows("gw-1", PasswordHash.Of("right", 1_000), "right"u8)); // the stored hash has changed
        cache.Forget("gw-1");
        Assert.False(cache.Knows("gw-1", hash, "right"u8));
    }
}
