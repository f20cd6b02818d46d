using System.Collections.Concurrent;

namespace Telemetry.Access;

/// <summary>
/// The threads that hash. They are threads of their own, not the pool's: on two cores two hashing pool threads would
/// be all there are, and connections that are open would wait for those that want to be.
/// </summary>
internal sealed class HashQueue : IDisposable
{
    private readonly BlockingCollection<Job> _jobs;

    public HashQueue(int workers, int waitingMax)
    {
        _jobs = new BlockingCollection<Job>(waitingMax);
        for (int i = 0; i < workers; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"password hash {i}" }.Start();
        }
    }

    /// <summary>Passwords waiting.</summary>
    public int Waiting => _jobs.Count;

    /// <summary>Hashes and compares; null when the queue is full, and then nothing is done.</summary>
    /// <exception cref="OperationCanceledException">The client has gone before its turn.</exception>
    public Task<bool>? TryMatch(PasswordHash hash, byte[] password, CancellationToken cancellation)
    {
        var job = new Job(hash, password, cancellation);
        return _jobs.TryAdd(job, 0, CancellationToken.None) ? job.Done.Task : null;
    }

    /// <summary>Ends the workers; what waits is not answered.</summary>
    public void Dispose() => _jobs.CompleteAdding();

    private void Work()
    {
        foreach (Job job in _jobs.GetConsumingEnumerable())
        {
            if (job.Cancellation.IsCancellationRequested)
            {
                job.Done.TrySetCanceled(job.Cancellation);
            }
            else
            {
                job.Done.TrySetResult(job.Hash.Matches(job.Password));
            }
        }
    }

    private sealed record Job(PasswordHash Hash, byte[] Password, CancellationToken Cancellation)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
