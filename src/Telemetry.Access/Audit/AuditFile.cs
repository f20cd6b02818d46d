using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Spool;

namespace Telemetry.Access;

/// <summary>
/// <c>access/audit.jsonl</c>: one JSON object per line, only ever appended to. At its ceiling it becomes
/// <c>audit.1.jsonl</c> and the one before that goes. Commands write to it beside the service, so each append holds
/// <c>audit.lock</c>.
/// </summary>
public sealed class AuditFile
{
    private const string FileName = "audit.jsonl";
    private const string OldName = "audit.1.jsonl";
    private const string LockName = "audit.lock";

    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly long _bytesMax;

    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory <c>access</c>, which is there.</param>
    /// <param name="time">Paces the tries to get the lock.</param>
    /// <param name="bytesMax">Bytes at which a file is full.</param>
    public AuditFile(
        IFileSystem files, string directory, TimeProvider time, long bytesMax = AccessLimits.AuditBytesMax)
    {
        _files = files;
        _directory = directory;
        _time = time;
        _bytesMax = bytesMax;
    }

    /// <summary>Full path of the file that is appended to.</summary>
    public string Path => System.IO.Path.Combine(_directory, FileName);

    /// <summary>Appends entries in order. They survive the process; a grid cut may take the last seconds.</summary>
    /// <exception cref="IOException">The disk refuses, or the lock is not to be had.</exception>
    public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation = default)
    {
        using var lines = new MemoryStream();
        foreach (AuditEntry entry in entries)
        {
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(entry, Json));
            lines.WriteByte((byte)'\n');
        }

        string lockPath = System.IO.Path.Combine(_directory, LockName);
        using IDisposable held = await FileLock.TakeAsync(_files, lockPath, _time, cancellation);
        Append(lines.GetBuffer().AsSpan(0, (int)lines.Length));
    }

    private void Append(ReadOnlySpan<byte> lines)
    {
        IReadOnlyList<string> names = _files.ListFiles(_directory);
        bool isNew = !names.Contains(FileName);
        IFile file = _files.Open(Path, isNew ? FileIntent.Create : FileIntent.Write);
        if (file.Length > 0 && file.Length + lines.Length > _bytesMax)
        {
            file.Dispose();
            _files.Rename(Path, System.IO.Path.Combine(_directory, OldName));
            isNew = true;
            file = _files.Open(Path, FileIntent.Create);
        }

        using (file)
        {
            if (isNew)
            {
                OwnerOnly.Restrict(Path);
            }

            file.Write(lines, file.Length);
        }
    }
}
