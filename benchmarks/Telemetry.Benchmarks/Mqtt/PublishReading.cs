using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Mqtt;

namespace Telemetry.Benchmarks.Mqtt;

/// <summary>
/// Reading the body of a framed QoS 1 PUBLISH, topic check included. Baseline: topic as a string, payload as an array,
/// nothing checked.
/// </summary>
[MemoryDiagnoser]
public class PublishReading
{
    private const int HeaderBytes = 2; // first byte and a remaining length of one byte

    private byte[] _v311 = [];
    private byte[] _v50 = [];
    private byte[] _v50WithProperties = [];

    [GlobalSetup]
    public void Prepare()
    {
        _v311 = PublishBytes.Write(ProtocolLevel.V311, hasProperties: false);
        _v50 = PublishBytes.Write(ProtocolLevel.V50, hasProperties: false);
        _v50WithProperties = PublishBytes.Write(ProtocolLevel.V50, hasProperties: true);
        if (Level_3_1_1() != Level_3_1_1_into_string_and_array())
        {
            throw new InvalidOperationException("cannot compare: the readers do not see the same messages");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = PublishBytes.PacketCount)]
    public int Level_3_1_1_into_string_and_array()
    {
        int sum = 0;
        for (int at = 0; at < _v311.Length; at += PublishBytes.PacketBytes)
        {
            ReadOnlySpan<byte> body = _v311.AsSpan(at + HeaderBytes, PublishBytes.PacketBytes - HeaderBytes);
            int topicBytes = BinaryPrimitives.ReadUInt16BigEndian(body);
            string topic = Encoding.UTF8.GetString(body.Slice(2, topicBytes));
            int identifier = BinaryPrimitives.ReadUInt16BigEndian(body[(2 + topicBytes)..]);
            byte[] payload = body[(4 + topicBytes)..].ToArray();
            sum += topic.Length + identifier + payload.Length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = PublishBytes.PacketCount)]
    public int Level_3_1_1() => ReadAll(_v311, ProtocolLevel.V311);

    [Benchmark(OperationsPerInvoke = PublishBytes.PacketCount)]
    public int Level_5_0_without_properties() => ReadAll(_v50, ProtocolLevel.V50);

    [Benchmark(OperationsPerInvoke = PublishBytes.PacketCount)]
    public int Level_5_0_with_two_properties() => ReadAll(_v50WithProperties, ProtocolLevel.V50);

    private static int ReadAll(byte[] run, ProtocolLevel level)
    {
        int sum = 0;
        for (int at = 0; at < run.Length; at += PublishBytes.PacketBytes)
        {
            var frame = new PacketFrame(
                run[at], run.AsSpan(at + HeaderBytes, PublishBytes.PacketBytes - HeaderBytes));
            if (!PublishView.TryRead(frame, level, out PublishView view, out MalformedReason reason))
            {
                throw new InvalidOperationException($"cannot read the packet at {at}: {reason}");
            }

            sum += view.Topic.Length + view.PacketIdentifier + view.Payload.Length;
        }

        return sum;
    }
}
