namespace Telemetry.Store;

/// <summary>Copies of the store's file, made while the service writes to it.</summary>
public static class StoreCopy
{
    /// <summary>
    /// Writes the state of one moment into a new file, without the pages that are free. It can be opened as a store.
    /// </summary>
    /// <param name="path">The store's file.</param>
    /// <param name="target">The new file; must not exist.</param>
    /// <exception cref="StoreException">The store cannot be read, or the copy cannot be written.</exception>
    public static void Write(string path, string target)
    {
        if (File.Exists(target))
        {
            throw new StoreException(target, $"cannot write '{target}': it exists; nothing was changed", sqliteCode: 0);
        }

        using SqliteFile file = SqliteFile.OpenToRead(path);
        try
        {
            using Statement copy = file.Prepare("VACUUM INTO ?1");
            copy.Bind(1, target).Run();
        }
        catch
        {
            File.Delete(target);
            throw;
        }
    }
}
