namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// Pauses between attempts: any time between nothing and a ceiling that doubles (full jitter), so that the clients of a
/// broker that comes back do not come all at once.
/// </summary>
internal sealed class ReconnectDelay(Random random)
{
    /// <summary>A connection that lived this long begins the pauses anew.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    private const double CeilingFirstSeconds = 1;
    private const double CeilingLastSeconds = 30;
    private const int DoublingsMax = 5; // 32 s, above the last ceiling

    private int _attempt;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        double ceiling = Math.Min(CeilingLastSeconds, CeilingFirstSeconds * (1 << _attempt));
        _attempt = Math.Min(_attempt + 1, DoublingsMax);
        return TimeSpan.FromSeconds(ceiling * random.NextDouble());
    }

    /// <summary>A connection has proved itself.</summary>
    public void Reset() => _attempt = 0;
}
