namespace Telemetry.Payloads.Tests;

/// <summary>Gives damaged payloads to decoders: none may throw, nor allocate once its scratch has grown.</summary>
internal static class MutationRun
{
    private const int Count = 60_000;
    private const int WarmUpCount = 20_000; // scratch memory has grown to what the payloads need
    private const int Seed = 11;

    public static void Check<TDecoder>(byte[][] seeds, TDecoder[] decoders, byte[] alphabet)
        where TDecoder : IPayloadDecoder
    {
        var mutation = new Mutation(Seed, alphabet);
        var buffer = new byte[seeds.Max(seed => seed.Length) + 8];
        var toucher = default(PointToucher);
        long allocated = 0;
        for (int i = 0; i < Count; i++)
        {
            int bytes = mutation.Apply(seeds[i % seeds.Length], buffer);
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoders[i % seeds.Length].Decode(
                buffer.AsSpan(0, bytes), new DecodeContext { Series = "m"u8 }, ref toucher, out PayloadFault fault);
            allocated += i < WarmUpCount ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(fault.Offset, 0, bytes);
        }

        Assert.Equal(0, allocated);
        Assert.NotEqual(0, toucher.Points);
    }
}
