namespace Telemetry.Store.InfluxQl;

/// <summary>
/// The area under the straight lines between samples, per window and by the trapezium rule. A line that crosses the
/// edge of a window is cut there; where windows have no samples, its area belongs to the window in which it ends.
/// </summary>
/// <param name="windows">The windows.</param>
/// <param name="unit">The span that the area is given per, in nanoseconds.</param>
/// <param name="wholeTime">The time of the row without windows.</param>
/// <param name="descending">True back in time, where areas are negative and stand at the windows' ends.</param>
internal sealed class IntegralResults(TimeWindows windows, long unit, long wholeTime, bool descending)
{
    private readonly List<WindowResult> _areas = [];
    private long _start;
    private long _end;
    private long _time;
    private double _value;
    private double _area;

    /// <summary>The areas under samples in the direction of the query.</summary>
    public List<WindowResult> Of(List<WindowResult> samples)
    {
        for (int i = 0; i < samples.Count; i++)
        {
            (long time, double value) = (samples[i].Start, samples[i].Sample.Value.AsFloat);
            if (i == 0)
            {
                Enter(time);
            }
            else if (time != _time)
            {
                if (!windows.IsWhole && (descending ? time <= _end : time >= _end))
                {
                    Leave(time, value);
                }

                AddArea(time, value);
            }

            (_time, _value) = (time, value);
        }

        if (samples.Count > 0 && _time != _start)
        {
            Emit();
        }

        return _areas;
    }

    private void Enter(long time)
    {
        if (windows.IsWhole)
        {
            _start = wholeTime;
            return;
        }

        long first = windows.StartOf(time);
        long next = windows.LastOf(first) + 1;
        (_start, _end) = descending ? (next, first) : (first, next);
    }

    /// <summary>Closes a window by the line that leads on to a sample, and begins that sample's window.</summary>
    private void Leave(long time, double value)
    {
        if (_time != _end)
        {
            double slope = (value - _value) / (time - _time);
            double atEnd = (slope * (_end - _time)) + _value;
            AddArea(_end, atEnd);
            (_time, _value) = (_end, atEnd);
        }

        Emit();
        Enter(time);
    }

    private void AddArea(long time, double value) => _area += 0.5 * (value + _value) * ((double)(time - _time) / unit);

    private void Emit()
    {
        _areas.Add(new WindowResult(_start, new PickedSample(Value.Of(_area), _start, -1)));
        _area = 0;
    }
}
