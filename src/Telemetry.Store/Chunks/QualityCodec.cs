using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>Qualities as runs. Nothing at all is written when every sample is plainly good.</summary>
/// <remarks>Layout: runs of (quality byte, length as a varint) until all samples are covered, or no byte.</remarks>
internal static class QualityCodec
{
    public static void Encode(ReadOnlySpan<byte> qualities, BlobWriter target)
    {
        if (!qualities.ContainsAnyExcept(Quality.Good))
        {
            return;
        }

        while (!qualities.IsEmpty)
        {
            byte quality = qualities[0];
            int run = qualities.IndexOfAnyExcept(quality);
            run = run < 0 ? qualities.Length : run;
            target.WriteByte(quality);
            target.WriteVarint((ulong)run);
            qualities = qualities[run..];
        }
    }

    public static void Decode(ref BlobReader source, Span<byte> qualities)
    {
        if (source.Left == 0)
        {
            qualities.Fill(Quality.Good);
            return;
        }

        while (!qualities.IsEmpty && !source.Failed)
        {
            byte quality = source.ReadByte();
            int run = source.ReadCount(qualities.Length);
            if (run == 0)
            {
                source.Fail();
            }

            qualities[..run].Fill(quality);
            qualities = qualities[run..];
        }
    }
}
