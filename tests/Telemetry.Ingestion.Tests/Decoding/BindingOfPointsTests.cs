using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion.Tests;

/// <summary>What becomes of one line when its fields are bound, one by one.</summary>
public sealed class BindingOfPointsTests
{
    private readonly SeriesCatalogue _catalogue = new();
    private readonly PointBatch _batch = new();

    [Fact]
    public void Fields_of_one_line_may_belong_to_different_series()
    {
        IFieldBinder binder = Binder(SmallMine.Route(binding: "{asset}.{signal}"));
        Check(
            binder,
            "plc CR-201.motor_current=1,CR-201.bearing_temp=2i,CR-202.motor_current=t,wind=\"N\" 7",
            "CR1,area=crushing,asset=CR-201,site=pilot motor_current=1,bearing_temp=2 7",
            "CR1,area=crushing,asset=CR-202,site=pilot motor_current=1 7",
            "plc wind=\"N\" 7");
    }

    [Fact]
    public void A_point_with_one_refused_field_is_refused_whole_and_counted()
    {
        IFieldBinder binder = Binder(SmallMine.Route());
        PointBatchWriter writer = Check(binder, "c,asset=CR-201 motor_current=\"high\",other=1 7");
        Assert.Equal(1, writer.RefusedCount);
    }

    [Fact]
    public void A_scaled_binding_converts_every_number()
    {
        Check(new Scaling(_catalogue), "m a=1,b=2i,c=3u,d=true 7", "m a=15,b=25,c=35,d=15 7");
    }

    [Fact]
    public void A_point_without_a_time_has_its_arrival_time_and_an_old_one_is_late()
    {
        Check(Binder(SmallMine.Route()), "m v=1\nm v=2 1\nm v=3 499\nm v=4 500", "m v=1 1000", "m v=2 1", "m v=3 499",
            "m v=4 500");
        PointFlags[] flags = [.. _batch.Points.ToArray().Select(point => point.Flags)];
        Assert.Equal([PointFlags.ArrivalTime, PointFlags.Late, PointFlags.Late, PointFlags.None], flags);
    }

    private PointBatchWriter Check(IFieldBinder binder, string lines, params string[] expected)
    {
        var writer = new PointBatchWriter(binder);
        var decoder = new RouteDecoder(new LineProtocolDecoder().Decode);
        for (int round = 0; round < 2; round++)
        {
            _batch.Reset();
            writer.Attach(_batch);
            writer.BeginRecord(0, arrivalTime: 1_000, 0, lateAfterNanoseconds: 500);
            decoder.Decode(SmallMine.Bytes(lines), default, writer, out _);
            Assert.Equal(expected, BatchText.Of(_batch, _catalogue));
            if (writer.RefusedCount > 0)
            {
                break;
            }
        }

        return writer;
    }

    private CatalogueBinder Binder(RouteDefinition route) =>
        new(route, SmallMine.With(route), _catalogue, new UnboundNames());

    private sealed class Scaling(SeriesCatalogue catalogue) : IFieldBinder
    {
        public FieldBinding Bind(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type)
        {
            InternOutcome outcome = catalogue.TryIntern(arrivingSeries, fieldName, FieldType.Float, out Field? field);
            return new FieldBinding(outcome, field, Scale: 10, Offset: 5);
        }
    }
}
