namespace Telemetry.Site.Reading;

/// <summary>Collects faults, so that one pass over the files finds all of them.</summary>
internal sealed class FaultList
{
    private readonly List<string> _files = [];
    private readonly List<SiteFault> _faults = [];

    public int Count => _faults.Count;

    /// <summary>Begins a file: what is added by line and column stands in it.</summary>
    public void Begin(string file) => _files.Add(file);

    public void Add(Node node, string path, string message) =>
        Add(new SiteFault(node.File, node.Line, node.Column, path, message));

    /// <summary>Adds a fault of the file that was begun last.</summary>
    public void Add(int line, int column, string path, string message) =>
        Add(new SiteFault(_files[^1], line, column, path, message));

    /// <summary>The faults in the order of the files and of where they stand in them.</summary>
    public IReadOnlyList<SiteFault> InFileOrder() =>
    [
        .. _faults
            .OrderBy(fault => _files.IndexOf(fault.File))
            .ThenBy(fault => fault.Line)
            .ThenBy(fault => fault.Column),
    ];

    private void Add(SiteFault fault)
    {
        if (_faults.Count < SiteLimits.FaultCountMax)
        {
            _faults.Add(fault);
        }
    }
}
