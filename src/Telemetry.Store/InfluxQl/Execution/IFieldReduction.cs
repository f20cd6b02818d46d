using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>One series of a group as it is read.</summary>
/// <param name="Index">Its index in the group.</param>
/// <param name="Condition">What its samples must pass.</param>
/// <param name="Range">The instants to read.</param>
/// <param name="Accepted">Those of them at which the condition holds; null for all.</param>
internal readonly record struct MemberReading(
    int Index, SeriesCondition Condition, TimeRange Range, long[]? Accepted);

/// <summary>Reduces the samples of one field of a group's series to windows.</summary>
internal interface IFieldReduction
{
    /// <summary>The type the field is given in.</summary>
    FieldType Type { get; }

    /// <summary>Reads a field of one series into the windows.</summary>
    void Read(ISampleSource source, Field field, in MemberReading member);

    /// <summary>The windows that something is known of, in order of time.</summary>
    WindowStatistics[] Ordered();
}
