using Telemetry.Spool;
using Telemetry.Testing;

namespace Telemetry.Access.Tests;

/// <summary>A directory <c>access</c> on the disk for one test, with what a host opens over it.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => File = new IdentityFile(new DiskFileSystem(), Directory, TimeProvider.System);

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("telemetry-access-").FullName;

    public ManualTime Time { get; } = new();

    public IdentityFile File { get; }

    /// <summary>An identity with the cheapest hash there is.</summary>
    public static GatewayIdentity Identity(string name, string password = "right", params string[] rights) => new()
    {
        Name = name,
        Password = PasswordHash.Of(password, 1_000),
        Publish = rights.Length > 0 ? rights : DefaultRights.Publish,
        Subscribe = rights.Length > 0 ? rights : DefaultRights.Subscribe,
        Created = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero),
    };

    public Task PutAsync(params GatewayIdentity[] identities) =>
        File.ChangeAsync(_ => new IdentityTable(identities), CancellationToken.None);

    public Task ChangeAsync(string name, Func<GatewayIdentity, GatewayIdentity> change) => File.ChangeAsync(
        table => new IdentityTable(table.Identities.Select(each => each.Name == name ? change(each) : each)),
        CancellationToken.None);

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
