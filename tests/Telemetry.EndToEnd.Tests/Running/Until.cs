using System.Diagnostics;
using System.Net.Sockets;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Asks again and again until the answer is right or the deadline has passed.</summary>
internal static class Until
{
    /// <summary>Generous: the machine that runs the tests may be busy with others.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>The first answer that is good; fails with what was wanted and the last answer.</summary>
    public static async Task<T> Async<T>(
        string wanted, Func<Task<T>> ask, Func<T, bool> isGood, TimeSpan? deadline = null)
    {
        var clock = Stopwatch.StartNew();
        string last = "no answer";
        while (clock.Elapsed < (deadline ?? Deadline))
        {
            try
            {
                T answer = await ask();
                if (isGood(answer))
                {
                    return answer;
                }

                last = $"{answer}";
            }
            catch (Exception cause) when (cause is HttpRequestException or IOException or SocketException)
            {
                last = cause.Message;
            }

            await Task.Delay(Interval);
        }

        throw new TimeoutException($"{wanted}: not after {clock.Elapsed.TotalSeconds:F0} s; last answer: {last}");
    }
}
