namespace Telemetry.Spool;

/// <summary>There is no room on the disk, or none left for this user.</summary>
public sealed class DiskFullException : IOException
{
    /// <summary>A full disk without further words.</summary>
    public DiskFullException()
    {
    }

    /// <summary>A full disk, told by the operating system's sentence.</summary>
    public DiskFullException(string message)
        : base(message)
    {
    }

    /// <summary>A full disk, told by the operating system's sentence and its exception.</summary>
    public DiskFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
