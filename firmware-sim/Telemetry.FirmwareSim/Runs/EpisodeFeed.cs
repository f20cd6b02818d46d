namespace Telemetry.FirmwareSim;

/// <summary>Tells a listener when episodes begin, become full and end, in the order of time.</summary>
internal sealed class EpisodeFeed
{
    private readonly (long Time, int Step, Episode Episode)[] _moments;
    private int _next;

    public EpisodeFeed(IReadOnlyList<Episode> episodes)
    {
        _moments =
        [
            .. episodes
                .SelectMany(episode => new[] { (episode.Start, 0), (episode.Full, 1), (episode.End, 2) }
                    .Select(moment => (Time: moment.Item1, Step: moment.Item2, Episode: episode)))
                .OrderBy(moment => moment.Time),
        ];
    }

    /// <summary>Tells all that has come about up to a time.</summary>
    public void Tell(long time, IMineListener listener)
    {
        for (; _next < _moments.Length && _moments[_next].Time <= time; _next++)
        {
            (_, int step, Episode episode) = _moments[_next];
            switch (step)
            {
                case 0:
                    listener.OnStarted(episode);
                    break;
                case 1:
                    listener.OnFull(episode);
                    break;
                default:
                    listener.OnEnded(episode);
                    break;
            }
        }
    }
}
