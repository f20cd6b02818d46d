using System.Buffers;

namespace Telemetry.Ingestion;

/// <summary>
/// What decoding must remember of earlier records, such as the births of an edge node. A pure fold over the log: no
/// clock, no chance, no file; the only time is the arrival of the records.
/// </summary>
internal interface IDecodingStatePart
{
    /// <summary>Writes all of it.</summary>
    void Save(IBufferWriter<byte> target);

    /// <summary>Takes what was saved; false when that cannot be read, and the part is then empty.</summary>
    bool TryRestore(ReadOnlySpan<byte> state);

    /// <summary>Forgets everything.</summary>
    void Clear();
}
