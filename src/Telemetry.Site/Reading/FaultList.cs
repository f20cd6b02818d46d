namespace Telemetry.Site.Reading;

/// <summary>Collects faults, so that one pass over the file finds all of them.</summary>
internal sealed class FaultList(string file)
{
    private readonly List<SiteFault> _faults = [];

    public int Count => _faults.Count;

    public void Add(Node node, string path, string message) => Add(node.Line, node.Column, path, message);

    public void Add(int line, int column, string path, string message)
    {
        if (_faults.Count < SiteLimits.FaultCountMax)
        {
            _faults.Add(new SiteFault(file, line, column, path, message));
        }
    }

    /// <summary>The faults in the order in which they stand in the file.</summary>
    public IReadOnlyList<SiteFault> InFileOrder() =>
        [.. _faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)];
}
