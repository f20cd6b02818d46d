namespace Telemetry.Payloads.Tests;

/// <summary>
/// Gives damaged payloads to decoders: none may throw, nor allocate once its scratch has grown, which a first pass over
/// the same payloads sees to.
/// </summary>
internal static class MutationRun
{
    private const int Seed = 11;

    public static void Check<TDecoder>(byte[][] seeds, TDecoder[] decoders, byte[] alphabet)
        where TDecoder : IPayloadDecoder
    {
        Pass(seeds, decoders, alphabet);
        Assert.Equal(0, Pass(seeds, decoders, alphabet));
    }

    /// <returns>Bytes that the decoders allocated.</returns>
    private static long Pass<TDecoder>(byte[][] seeds, TDecoder[] decoders, byte[] alphabet)
        where TDecoder : IPayloadDecoder
    {
        var mutation = new Mutation(Seed, alphabet);
        var buffer = new byte[seeds.Max(seed => seed.Length) + 8];
        var toucher = default(PointToucher);
        long allocated = 0;
        for (int i = 0; i < RunLength.Alone; i++)
        {
            int bytes = mutation.Apply(seeds[i % seeds.Length], buffer);
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoders[i % seeds.Length].Decode(
                buffer.AsSpan(0, bytes), new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(fault.Offset, 0, bytes);
        }

        Assert.NotEqual(0, toucher.Points);
        return allocated;
    }
}
