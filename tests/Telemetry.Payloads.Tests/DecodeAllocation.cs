using Telemetry.Model;
using Telemetry.Testing;

namespace Telemetry.Payloads.Tests;

/// <summary>Measures the whole way of a message: decoder, writer, batch.</summary>
internal static class DecodeAllocation
{
    public static void Check(IPayloadDecoder decoder, byte[] payload, int expectedSamples)
    {
        var batch = new PointBatch();
        var writer = new PointBatchWriter(new CatalogueBinder());
        writer.Attach(batch);
        long allocated = Allocation.Measure(() =>
        {
            batch.Reset();
            writer.BeginRecord(0, 0, 0, 0);
            decoder.Decode(payload, new DecodeContext { Series = "plant,gateway=gw7"u8 }, ref writer, out _);
        });
        Assert.Equal(0, allocated);
        Assert.Equal(expectedSamples, batch.Samples.Length);
    }
}
