namespace Telemetry.Spool;

/// <summary>An open file, read and written by position.</summary>
public interface IFile : IDisposable
{
    /// <summary>Length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads up to the buffer's length; fewer bytes come only at the end of the file.</summary>
    int Read(Span<byte> buffer, long position);

    /// <summary>Writes all bytes or throws; after a throw any part of them may stand in the file.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Cuts or extends the file.</summary>
    void SetLength(long bytes);

    /// <summary>
    /// Makes the contents durable. After a throw nobody knows which of the bytes written since the last success are,
    /// and another call that succeeds proves nothing about them.
    /// </summary>
    void Sync();

    /// <summary>
    /// Says that durable bytes will hardly be read again, so that the system need not keep pages for them. Advice: it
    /// cannot fail, and where the system has no word for it nothing happens.
    /// </summary>
    void DropCache(long position, long bytes);
}
