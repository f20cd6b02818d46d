using System.Text;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>What the samples of a field tell beside their value; asks the catalogue once per run of a source.</summary>
internal sealed class AspectReading(FieldAspect wanted, SourceCatalogue sources)
{
    private readonly string? _unit = wanted.Field.Signal?.Definition.Unit;
    private long _number;
    private SampleSource? _source;
    private Value _sourceName;

    /// <summary>The aspect of one sample of a block.</summary>
    public Value At(scoped in SampleBlock block, int index) => wanted.Aspect switch
    {
        SampleAspect.Quality => Value.Of((long)block.Qualities[index]),
        SampleAspect.ArrivalTime => Value.Of(block.Arrivals[index] * Timestamp.NanosecondsPerMillisecond),
        SampleAspect.RawTime => Value.Of(unchecked(block.Times[index] - block.Corrections[index])),
        SampleAspect.TimeCorrection => Value.Of(block.Corrections[index]),
        SampleAspect.TimeUncertainty => block.Uncertainties[index] is > 0 and long bound ? Value.Of(bound) : Value.None,
        _ => OfSource(block, index),
    };

    private Value OfSource(scoped in SampleBlock block, int index)
    {
        if (block.Sources[index] != _number)
        {
            _number = block.Sources[index];
            _source = sources.At((int)_number);
            _sourceName = _source is null ? Value.None : Value.Of($"{_source.Series} {_source.Field}");
        }

        return wanted.Aspect switch
        {
            SampleAspect.Original => OriginalOf(block, index),
            SampleAspect.OriginalUnit => TextOf(_source?.Unit),
            SampleAspect.Unit => TextOf(_unit ?? (_source is { IsIdentity: true } ? _source.Unit : null)),
            _ => _sourceName,
        };
    }

    /// <summary>Only floats are ever converted; of one without a source nothing is known.</summary>
    private Value OriginalOf(scoped in SampleBlock block, int index) => block.Type switch
    {
        FieldType.String => Value.Of(Encoding.UTF8.GetString(block.TextAt(index))),
        FieldType.Float when _source is null => Value.None,
        FieldType.Float => Value.Of(_source.OriginalOf(BitConverter.Int64BitsToDouble(block.Bits[index]))),
        _ => Value.Of(block.Type, block.Bits[index]),
    };

    private static Value TextOf(string? text) => text is { Length: > 0 } ? Value.Of(text) : Value.None;
}
