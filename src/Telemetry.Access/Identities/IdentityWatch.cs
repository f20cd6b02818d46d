using Microsoft.Extensions.Logging;

namespace Telemetry.Access;

/// <summary>
/// The identities in force. The file is looked at each second and read when it has another time or length; one with a
/// fault is refused and the old identities stay, since a slip of an editor must not lock a mine out.
/// </summary>
public sealed class IdentityWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly IdentityFile _file;
    private readonly Func<string, FileStamp> _stampOf;
    private readonly ILogger<IdentityWatch> _log;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private FileStamp _seen;
    private IdentityTable _current;

    /// <summary>Reads the file and begins to look at it.</summary>
    /// <exception cref="InvalidDataException">The file has a fault: nothing is in force to fall back to.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IdentityWatch(IdentityFile file, TimeProvider time, ILogger<IdentityWatch> log)
        : this(file, FileStamp.Of, time, log)
    {
    }

    internal IdentityWatch(
        IdentityFile file, Func<string, FileStamp> stampOf, TimeProvider time, ILogger<IdentityWatch> log)
    {
        _file = file;
        _stampOf = stampOf;
        _log = log;
        _seen = stampOf(file.Path);
        _current = file.Read();
        _timer = time.CreateTimer(_ => Look(), state: null, Interval, Interval);
    }

    /// <summary>
    /// An identity is revoked, gone, or has another password: whoever is connected with it is to be disconnected.
    /// Called on a timer's thread; must not throw.
    /// </summary>
    public event Action<string>? Withdrawn;

    /// <summary>Other identities are in force. Called on a timer's thread; must not throw.</summary>
    public event Action? Changed;

    /// <summary>The identities now.</summary>
    public IdentityTable Current => Volatile.Read(ref _current);

    /// <summary>Stops looking.</summary>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            FileStamp stamp = _stampOf(_file.Path);
            if (stamp == _seen)
            {
                return;
            }

            _seen = stamp; // a faulty file is told once, not each second
            try
            {
                Take(_file.Read());
            }
            catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                _log.IdentitiesRefused(_file.Path, cause.Message, _current.Identities.Count);
            }
        }
    }

    private void Take(IdentityTable table)
    {
        IdentityTable old = _current;
        Volatile.Write(ref _current, table); // first, so that who is disconnected is refused when it comes back
        _log.IdentitiesRead(_file.Path, table.Identities.Count);
        foreach (GatewayIdentity before in old.Identities.Where(identity => !identity.IsRevoked))
        {
            if (before.IsWithdrawnBy(table.Find(before.Name)))
            {
                _log.IdentityWithdrawn(before.Name);
                Withdrawn?.Invoke(before.Name);
            }
        }

        Changed?.Invoke();
    }
}

/// <summary>What tells that a file is another one: its time and its length.</summary>
/// <param name="WrittenAt">Time of its last write; the year 1601 when there is no file.</param>
/// <param name="Bytes">Its length; -1 when there is no file.</param>
internal readonly record struct FileStamp(DateTime WrittenAt, long Bytes)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return new FileStamp(file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
    }
}
