namespace Telemetry.Spool;

/// <summary>
/// Work of the disk beside the committer's: on a slow disk a commit then waits for its own sync and for no other. Where
/// there are no threads it is done at once.
/// </summary>
internal sealed class DiskAside(bool usesThreads)
{
    /// <summary>Begins the work. What it throws is thrown to who awaits the task.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        var task = new Task<T>(work, TaskCreationOptions.LongRunning); // rare, and may not queue behind the intake
        if (usesThreads)
        {
            task.Start(TaskScheduler.Default);
        }
        else
        {
            task.RunSynchronously(TaskScheduler.Default);
        }

        return task;
    }
}
