namespace Telemetry.Site;

/// <summary>One thing that is wrong in a site file, where it stands, and what to write instead.</summary>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Line">Line, the first is 1.</param>
/// <param name="Column">Column, the first is 1.</param>
/// <param name="Path">Where in the document, for instance <c>equipment.CR1.signals.css.limits</c>.</param>
/// <param name="Message">The cause and what to write instead.</param>
public sealed record SiteFault(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>One line in the form editors and terminals can jump to.</summary>
    public override string ToString() =>
        Path.Length == 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}:{Line}:{Column}: {Path}: {Message}";
}
