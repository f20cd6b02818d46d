using Telemetry.Model;

namespace Telemetry.Store.InfluxQl;

/// <summary>
/// What stands beside a call in its row: fields and tags of the sample a selector picked. What is missing there is
/// filled as InfluxDB does it: by the number of <c>fill(number)</c>, or the row before with <c>fill(previous)</c>.
/// </summary>
internal sealed class SelectorNeighbours(ISampleSource source, SelectPlan plan, Filling filling, QueryBudget budget)
{
    private readonly FillKind _fill = plan.Windows is null ? FillKind.None : plan.Statement.Fill;

    /// <summary>The value of a call without a result where another call has one.</summary>
    /// <param name="index">The call.</param>
    /// <param name="before">Its value in the row before.</param>
    /// <param name="measurement">What it is run over.</param>
    public Value MissingCall(int index, in Value before, MeasurementEntry measurement)
    {
        AggregateCall call = plan.Calls[index];
        return _fill switch
        {
            FillKind.Previous => before,
            FillKind.Number when measurement.Fields.TryGetValue(call.FieldName, out FieldType type) =>
                filling.NumberFor(call.KindOver(type)),
            _ => Value.None,
        };
    }

    /// <summary>Puts the values of the plain names into their slots, which hold those of the row before.</summary>
    public void Put(Value[] slots, in PickedSample picked, SeriesGroup group, MeasurementEntry measurement)
    {
        for (int i = 0; i < plan.Names.Count; i++)
        {
            Value found = picked.IsNone || picked.Member < 0
                ? Value.None
                : ValueOf(plan.Names[i], picked, group.Members[picked.Member].Series, measurement);
            slots[i] = found.IsNone ? Missing(plan.Names[i], slots[i], measurement) : found;
        }
    }

    private Value Missing(NameExpression name, in Value before, MeasurementEntry measurement) => _fill switch
    {
        FillKind.Previous => before,
        FillKind.Number when name.Aspect != SampleAspect.Value => Value.None, // a number says nothing of an origin
        FillKind.Number => filling.NumberFor(
            measurement.Fields.GetValueOrDefault(name.Name, FieldType.Float) == FieldType.Integer
                ? ValueKind.Integer
                : ValueKind.Float),
        _ => Value.None,
    };

    private Value ValueOf(
        NameExpression name, in PickedSample picked, SeriesEntry series, MeasurementEntry measurement)
    {
        if (name.Kind == NameKind.Tag || !measurement.Fields.ContainsKey(name.Name))
        {
            string tag = name.Kind == NameKind.Field ? "" : series.TagOf(name.Name);
            return tag.Length == 0 ? Value.None : Value.Of(tag);
        }

        if (series.FieldOf(name.Name) is not { } field)
        {
            return Value.None;
        }

        var instant = new TimeRange(picked.Time, picked.Time);
        var wanted = new FieldAspect(field, name.Aspect, name.Cast);
        return SampleColumn.Read(source, wanted, instant, edge: 0, budget).ValueAt(picked.Time);
    }
}
