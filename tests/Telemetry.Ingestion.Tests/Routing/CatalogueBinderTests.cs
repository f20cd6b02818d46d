using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

public sealed class CatalogueBinderTests
{
    private const string Canonical = "CR1,area=crushing,asset=CR-201,site=pilot";
    private readonly SeriesCatalogue _catalogue = new();
    private readonly UnboundNames _unbound = new();

    [Fact]
    public void A_field_is_bound_by_the_tag_asset_and_its_own_name()
    {
        CheckBound(SmallMine.Route(), "crusher,asset=CR-201", SmallMine.Current);
        CheckBound(SmallMine.Route(), "x,asset=CR-201,z=1", SmallMine.Temperature);
        CheckUnbound(SmallMine.Route(), "crusher,asset=CR-999", SmallMine.Current);
        CheckUnbound(SmallMine.Route(), "crusher", SmallMine.Current);
        CheckUnbound(SmallMine.Route(), "crusher,asset=CR-201", "unheard_of");
    }

    [Fact]
    public void A_template_names_asset_and_signal()
    {
        RouteDefinition route = SmallMine.Route(binding: "{asset}.{signal}");
        CheckBound(route, "plc", "CR-201.motor_current");
        CheckUnbound(route, "plc", "CR-201_motor_current");
        CheckUnbound(route, "plc,asset=CR-201", "motor_current");
        CheckBound(SmallMine.Route(binding: "PLC/{asset}/{signal}!"), "plc", "PLC/CR-201/motor_current!");
        CheckBound(SmallMine.Route(binding: "tag_{signal}"), "plc,asset=CR-201", "tag_motor_current");
    }

    [Fact]
    public void An_exact_binding_goes_before_the_template()
    {
        var exact = new Dictionary<string, string> { ["40001"] = "CR-201.motor_current", ["40002"] = "CR-201.gone" };
        RouteDefinition route = SmallMine.Route(binding: "{asset}.{signal}", exact: exact);
        CheckBound(route, "modbus", "40001");
        CheckUnbound(route, "modbus", "40002");
        CheckBound(route, "modbus", "CR-201.motor_current");
    }

    [Fact]
    public void A_signal_is_a_float_whatever_number_arrives_and_text_is_refused()
    {
        foreach (FieldType type in Enum.GetValues<FieldType>())
        {
            FieldBinding binding = Bind(SmallMine.Route(), "c,asset=CR-201", SmallMine.Current, type);
            InternOutcome expected = type == FieldType.String ? InternOutcome.TypeConflict : InternOutcome.Interned;
            Assert.Equal(expected, binding.Outcome);
            Assert.True(binding.Target is null or { Type: FieldType.Float });
        }
    }

    [Fact]
    public void An_unbound_field_keeps_its_type_and_its_name_is_listed_once()
    {
        for (int round = 0; round < 2; round++)
        {
            FieldBinding binding = Bind(SmallMine.Route("a/#"), "w,z=1,b=2", "wind", FieldType.Integer);
            Assert.Equal(FieldType.Integer, binding.Target!.Type);
            Assert.Equal("w,b=2,z=1", SmallMine.Text(binding.Target.Series.Key.Span));
        }

        Assert.Equal([new UnboundName("route a/#", "w,z=1,b=2", "wind")], _unbound.Names);
    }

    [Fact]
    public void A_site_without_signals_lists_nothing()
    {
        var binder = new CatalogueBinder(RouteDefinition.CatchAll, SiteCatalogue.Empty, _catalogue, _unbound);
        binder.Bind("weather"u8, "wind", FieldType.Float);
        Assert.Empty(_unbound.Names);
    }

    private void CheckBound(RouteDefinition route, string series, string field)
    {
        FieldBinding binding = Bind(route, series, field, FieldType.Float);
        Assert.Equal(InternOutcome.Interned, binding.Outcome);
        Assert.Equal(Canonical, SmallMine.Text(binding.Target!.Series.Key.Span));
        Assert.Equal("CR-201", SmallMine.With(route).SignalOf(binding.Target)?.Asset.Id);
    }

    private void CheckUnbound(RouteDefinition route, string series, string field)
    {
        FieldBinding binding = Bind(route, series, field, FieldType.Float);
        Assert.Null(SmallMine.With(route).SignalOf(binding.Target!));
        Assert.Contains(new UnboundName(route.Name, series, field), _unbound.Names);
    }

    private FieldBinding Bind(RouteDefinition route, string series, string field, FieldType type) =>
        new CatalogueBinder(route, SmallMine.With(route), _catalogue, _unbound)
            .Bind(SmallMine.Bytes(series), field, type);
}
