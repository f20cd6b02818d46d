using System.Buffers;
using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>Reads a field in another type than it is stored in (<c>x::float</c>).</summary>
internal static class Casting
{
    /// <summary>
    /// Reads a field as <see cref="ISampleSource.Read"/> does. Numbers become numbers, decimals are cut off; between
    /// numbers, texts and booleans there is no cast, and nothing is read.
    /// </summary>
    public static void Read<TVisitor>(
        ISampleSource source, Field field, FieldType? cast, in TimeRange range, ref TVisitor visitor)
        where TVisitor : ISampleVisitor
    {
        if (cast is not { } type || type == field.Type)
        {
            source.Read(field.Id, range.From, range.To, ref visitor);
        }
        else if (IsNumber(type) && IsNumber(field.Type))
        {
            var casting = new Visitor<TVisitor>(ref visitor, type);
            source.Read(field.Id, range.From, range.To, ref casting);
        }
    }

    /// <summary>The bits of a number in another type.</summary>
    public static long BitsOf(FieldType from, FieldType to, long bits)
    {
        double number = from switch
        {
            FieldType.Float => BitConverter.Int64BitsToDouble(bits),
            FieldType.Unsigned => unchecked((ulong)bits),
            _ => bits,
        };
        return to switch
        {
            FieldType.Float => BitConverter.DoubleToInt64Bits(number),
            _ when from != FieldType.Float => bits,
            FieldType.Unsigned => unchecked((long)(ulong)number),
            _ => (long)number,
        };
    }

    private static bool IsNumber(FieldType type) =>
        type is FieldType.Float or FieldType.Integer or FieldType.Unsigned;

    private readonly ref struct Visitor<TVisitor>(ref TVisitor inner, FieldType type) : ISampleVisitor
        where TVisitor : ISampleVisitor
    {
        private readonly ref TVisitor _inner = ref inner;

        public bool WantsProvenance => _inner.WantsProvenance;

        public SummaryWish Summaries => SummaryWish.None;

        public bool WantsSummary(long firstTime, long lastTime) => false;

        public bool Accepts(in SampleSummary summary) => false;

        public void OnSummary(in SampleSummary summary) =>
            throw new InvalidOperationException("BUG: a summary was given that nobody wanted");

        public bool OnSamples(scoped in SampleBlock block)
        {
            long[] bits = ArrayPool<long>.Shared.Rent(block.Count);
            for (int i = 0; i < block.Count; i++)
            {
                bits[i] = BitsOf(block.Type, type, block.Bits[i]);
            }

            bool goesOn = _inner.OnSamples(new SampleBlock
            {
                Times = block.Times,
                Bits = bits.AsSpan(0, block.Count),
                Qualities = block.Qualities,
                Type = type,
                Arrivals = block.Arrivals,
                Sources = block.Sources,
                Corrections = block.Corrections,
                Uncertainties = block.Uncertainties,
            });
            ArrayPool<long>.Shared.Return(bits);
            return goesOn;
        }
    }
}
