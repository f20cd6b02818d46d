using System.Buffers;
using Telemetry.Model;

namespace Telemetry.Store.Export;

/// <summary>One form of exported samples.</summary>
internal interface IExportWriter
{
    /// <summary>Names the columns, where the form has them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">The fields of a wide table; null for a row per sample.</param>
    void WriteHeader(IBufferWriter<byte> output, IReadOnlyList<Field>? columns);

    /// <summary>Writes one sample as a row.</summary>
    void WriteSample(IBufferWriter<byte> output, Field field, scoped in SampleBlock block, int index);

    /// <summary>Writes a row of a wide table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="columns">The fields.</param>
    /// <param name="values">A value per field; null where it has no sample at that time.</param>
    void WriteRow(IBufferWriter<byte> output, long time, IReadOnlyList<Field> columns, ReadOnlySpan<string?> values);
}
