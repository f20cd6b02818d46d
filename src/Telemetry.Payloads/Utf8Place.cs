using System.Buffers;
using System.Text;

namespace Telemetry.Payloads;

/// <summary>Where text stops being UTF-8 (RFC 3629).</summary>
internal static class Utf8Place
{
    /// <summary>The place of the first bytes that are no character; the length when all are.</summary>
    public static int IndexOfInvalid(ReadOnlySpan<byte> text)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out int bytes) == OperationStatus.Done)
        {
            offset += bytes;
        }

        return offset;
    }
}
