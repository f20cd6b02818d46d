namespace Telemetry.Ingestion;

/// <summary>What the nodes of one host may take of memory together (law L6).</summary>
internal sealed class SparkplugBudget
{
    private int _metrics;
    private long _nameBytes;
    private long _heldBytes;

    /// <summary>Bytes of messages that are held.</summary>
    public long HeldBytes => _heldBytes;

    public bool TryTakeMetric(int nameBytes)
    {
        if (_metrics >= SparkplugLimits.MetricsMax || _nameBytes + nameBytes > SparkplugLimits.NameBytesMax)
        {
            return false;
        }

        _metrics++;
        _nameBytes += nameBytes;
        return true;
    }

    public void ReturnMetric(int nameBytes)
    {
        _metrics--;
        _nameBytes -= nameBytes;
    }

    public bool TryHold(int bytes)
    {
        bool fits = _heldBytes + bytes <= SparkplugLimits.HeldBytesMax;
        _heldBytes += fits ? bytes : 0;
        return fits;
    }

    public void LetGo(int bytes) => _heldBytes -= bytes;

    public void Clear() => (_metrics, _nameBytes, _heldBytes) = (0, 0, 0);
}
