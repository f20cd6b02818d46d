using System.Globalization;
using Telemetry.Alarms;
using Telemetry.Model;

namespace Telemetry.Rehearsal;

/// <summary>Findings as comma-separated values (RFC 4180), one row each.</summary>
internal sealed class FindingRows
{
    private readonly TextWriter _target;

    public FindingRows(TextWriter target)
    {
        _target = target;
        _target.Write("time,signal,kind,edge,class,value,limit,explanation\n");
    }

    public void Write(SignalInstance signal, in Finding finding, bool isNotice)
    {
        string edge = isNotice ? "notice" : finding.Edge == FindingEdge.Began ? "began" : "ended";
        DateTimeOffset time = Timestamp.ToDateTimeOffset(finding.Time);
        _target.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{time:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{Cell(signal.Id)},{AlarmIdentity.Suffix(finding.Condition.Kind)},"
            + $"{edge},{FindingClassText.Of(finding.Class)},{Number(finding.Value)},{Number(finding.Limit)},"
            + $"{Cell(finding.Explanation)}\n"));
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Cell(string text) => text.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}
