using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Payloads;

namespace Telemetry.Benchmarks.Payloads;

/// <summary>Lines with three tags, four floats and a time, per point. Baseline: Split and Parse.</summary>
[MemoryDiagnoser]
public class LineProtocolDecoding
{
    private const int PointCount = 500;
    private const int FieldsPerPoint = 4;

    private readonly DecoderUnderTest<LineProtocolDecoder> _decoder = new(new LineProtocolDecoder());
    private byte[][] _payloads = [];

    [Params(1, 20)]
    public int PointsPerMessage { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var text = new SensorText();
        _payloads = new byte[PointCount / PointsPerMessage][];
        for (int i = 0; i < _payloads.Length; i++)
        {
            _payloads[i] = text.Lines(PointsPerMessage);
        }

        int expected = PointCount * FieldsPerPoint;
        if (Decoder_alone() != expected || Decoder_into_batch() != expected || Split_and_parse() == 0)
        {
            throw new InvalidOperationException("cannot compare: the decoders do not see the same fields");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = PointCount)]
    public double Split_and_parse()
    {
        double sum = 0;
        foreach (byte[] payload in _payloads)
        {
            string[] lines = Encoding.UTF8.GetString(payload).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (string line in lines)
            {
                sum += SplitOne(line);
            }
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = PointCount)]
    public int Decoder_alone() => _decoder.DecodeAlone(_payloads);

    [Benchmark(OperationsPerInvoke = PointCount)]
    public int Decoder_into_batch() => _decoder.DecodeIntoBatch(_payloads);

    private static double SplitOne(string line)
    {
        string[] parts = line.Split(' ');
        string[] series = parts[0].Split(',');
        double sum = long.Parse(parts[2], CultureInfo.InvariantCulture);
        for (int i = 1; i < series.Length; i++)
        {
            sum += series[i].Split('=')[1].Length;
        }

        foreach (string field in parts[1].Split(','))
        {
            sum += double.Parse(field.Split('=')[1], CultureInfo.InvariantCulture);
        }

        return sum;
    }
}
