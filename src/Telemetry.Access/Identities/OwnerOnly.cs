namespace Telemetry.Access;

/// <summary>Takes a file or directory away from everybody but its owner, where the system knows owners.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Restrict(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // what is made there has the rights of the data directory
        }

        if (Directory.Exists(path))
        {
            File.SetUnixFileMode(path, OfFile | UnixFileMode.UserExecute);
        }
        else if (File.Exists(path))
        {
            File.SetUnixFileMode(path, OfFile);
        }
    }
}
