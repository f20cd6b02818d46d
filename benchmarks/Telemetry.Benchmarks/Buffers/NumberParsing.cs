using System.Buffers.Text;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Buffers;

namespace Telemetry.Benchmarks.Buffers;

/// <summary>Doubles out of UTF-8 text, per number. Baseline: Utf8Parser.</summary>
[MemoryDiagnoser]
public class NumberParsing
{
    private const int NumberCount = 1000;

    private byte[][] _texts = [];

    /// <summary>Where the numbers come from.</summary>
    public enum Origin
    {
        /// <summary>Instruments: few digits, the fast path.</summary>
        Instrument,

        /// <summary>Programs: up to 17 digits, most of them beyond the fast path.</summary>
        Program,
    }

    [Params(Origin.Instrument, Origin.Program)]
    public Origin From { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var text = new SensorText();
        _texts = new byte[NumberCount][];
        for (int i = 0; i < _texts.Length; i++)
        {
            _texts[i] = Encoding.UTF8.GetBytes(From == Origin.Instrument ? text.Value() : text.FullValue());
        }

        double expected = Double_TryParse();
        if (expected == 0 || Utf8Parser_TryParse() != expected || Utf8Number_TryParseDouble() != expected)
        {
            throw new InvalidOperationException("cannot compare: the parsers do not see the same numbers");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = NumberCount)]
    public double Utf8Parser_TryParse()
    {
        double sum = 0;
        foreach (byte[] text in _texts)
        {
            _ = Utf8Parser.TryParse(text, out double value, out _);
            sum += value;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = NumberCount)]
    public double Double_TryParse()
    {
        double sum = 0;
        foreach (byte[] text in _texts)
        {
            _ = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
            sum += value;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = NumberCount)]
    public double Utf8Number_TryParseDouble()
    {
        double sum = 0;
        foreach (byte[] text in _texts)
        {
            _ = Utf8Number.TryParseDouble(text, out double value);
            sum += value;
        }

        return sum;
    }
}
