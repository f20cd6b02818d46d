using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>Bindings that hold for a while, and the units that values come in.</summary>
public sealed class BindingIntervalTests
{
    private static readonly SiteCatalogue Mine = SmallMine.With();
    private const long Swap = 1_000;
    private readonly SeriesCatalogue _catalogue = new();
    private readonly UnboundNames _unbound = new();

    [Fact]
    public void A_sensor_that_was_swapped_is_read_by_the_time_of_the_sample()
    {
        CatalogueBinder binder = Binder(
            To("T1", "CR-201.bearing_temp") with { Unit = "[degF]", Until = Swap },
            To("T1", "CR-202.bearing_temp") with { Since = Swap });
        FieldBinding before = Bind(binder, "gw", "T1", time: Swap - 1);
        FieldBinding after = Bind(binder, "gw", "T1", time: Swap);
        Assert.Equal(("CR-201", long.MinValue, Swap), (AssetOf(before), before.From, before.Until));
        Assert.Equal(100, (212 * before.Scale) + before.Offset, tolerance: 1e-12);
        Assert.Equal(("CR-202", Swap, long.MaxValue), (AssetOf(after), after.From, after.Until));
        Assert.True(after.IsIdentity);
    }

    [Fact]
    public void Outside_of_its_interval_a_name_is_what_it_is_without_the_binding()
    {
        CatalogueBinder binder = Binder(
            To("motor_current", "CR-202.motor_current") with { Since = 10, Until = 20 },
            To("T9", "CR-202.bearing_temp") with { Since = 10, Until = 20 });
        Assert.Equal("CR-201", AssetOf(Bind(binder, "c,asset=CR-201", SmallMine.Current, time: 9)));
        Assert.Equal("CR-202", AssetOf(Bind(binder, "c,asset=CR-201", SmallMine.Current, time: 10)));
        FieldBinding after = Bind(binder, "c,asset=CR-201", SmallMine.Current, time: 20);
        Assert.Equal(("CR-201", 20, long.MaxValue), (AssetOf(after), after.From, after.Until));
        Assert.Null(SignalOf(Bind(binder, "c", "T9", time: 9)));
        Assert.Equal([new UnboundName("route #", "c", "T9")], _unbound.Names);
    }

    [Fact]
    public void Two_names_may_feed_one_signal_and_each_sample_says_from_whom()
    {
        CatalogueBinder binder = Binder(To("T1", "CR-201.bearing_temp"), To("temp", "CR-201.bearing_temp"));
        FieldBinding one = Bind(binder, "gw-1", "T1");
        FieldBinding other = Bind(binder, "gw-2,z=1", "temp");
        Assert.Same(one.Target, other.Target);
        Assert.Equal(new SampleSource("gw-1", "T1", ""), _catalogue.Sources.At(one.Source));
        Assert.Equal(new SampleSource("gw-2,z=1", "temp", ""), _catalogue.Sources.At(other.Source));
    }

    [Fact]
    public void The_more_particular_binding_takes_the_name()
    {
        SignalBinding any = To("T1", "CR-201.bearing_temp");
        SignalBinding tagged = To("T1", "CR-202.bearing_temp") with { Tags = [new Tag("device", "7")] };
        SignalBinding measured = To("T1", "CR-202.motor_current") with
        {
            Measurement = "plc",
            Tags = [new Tag("device", "7")],
        };
        CatalogueBinder binder = Binder(any, measured, tagged);
        Assert.Equal("CR-201.bearing_temp", SignalOf(Bind(binder, "gw,device=8", "T1")));
        Assert.Equal("CR-202.bearing_temp", SignalOf(Bind(binder, "gw,device=7,z=1", "T1")));
        Assert.Equal("CR-202.motor_current", SignalOf(Bind(binder, "plc,device=7", "T1")));
        Assert.Equal("CR-201.bearing_temp", SignalOf(Bind(binder, "plc", "T1")));
    }

    [Fact]
    public void A_binding_of_another_route_or_gateway_takes_nothing()
    {
        RouteDefinition route = SmallMine.Route();
        SiteCatalogue site = Site(
            route,
            To("T1", "CR-201.bearing_temp") with { Route = "other" },
            To("T2", "CR-201.bearing_temp") with { Gateway = "gw-7" },
            To("T3", "CR-202.bearing_temp") with { Route = route.Name });
        Assert.Equal(["gw-7"], BindingRules.GatewaysOf(route, site));
        var others = new CatalogueBinder(route, site, _catalogue, _unbound);
        var own = new CatalogueBinder(route, site, _catalogue, _unbound, gateway: "gw-7");
        Assert.Null(SignalOf(Bind(others, "m", "T1")));
        Assert.Null(SignalOf(Bind(others, "m", "T2")));
        Assert.Equal("CR-201", AssetOf(Bind(own, "m", "T2")));
        Assert.Equal("CR-202", AssetOf(Bind(own, "m", "T3")));
        Assert.Equal("CR-202", AssetOf(Bind(others, "m", "T3")));
    }

    [Fact]
    public void The_unit_is_that_of_the_binding_else_of_the_route_else_of_the_message()
    {
        RouteDefinition route = SmallMine.Route() with
        {
            Units = new Dictionary<string, string> { [SmallMine.Temperature] = "K", ["T2"] = "[degF]" },
        };
        CatalogueBinder binder = Binder(
            route,
            To("T1", "CR-201.bearing_temp") with { Unit = "mCel", Scale = 10, Offset = 500 },
            To("T2", "CR-201.bearing_temp"),
            To("I1", "CR-201.motor_current"));
        CheckSource(Bind(binder, "m", "T1", unit: "K"), "mCel", 0.01, 0.5);
        CheckSource(Bind(binder, "m", "T2", unit: "K"), "[degF]", 5.0 / 9, -160.0 / 9);
        CheckSource(Bind(binder, "m,asset=CR-202", SmallMine.Temperature), "K", 1, -273.15);
        CheckSource(Bind(binder, "m", "I1", unit: "mA"), "mA", 0.001, 0);
        CheckSource(Bind(binder, "m", "I1", unit: "amps"), "A", 1, 0);
        CheckSource(Bind(binder, "m", "I1"), "", 1, 0);
    }

    [Fact]
    public void A_unit_that_does_not_fit_refuses_the_value_with_both_names()
    {
        CatalogueBinder binder = Binder(To("T1", "CR-201.bearing_temp"));
        FieldBinding kilograms = Bind(binder, "m", "T1", unit: "kg");
        Assert.Equal((InternOutcome.UnitDiffers, null), (kilograms.Outcome, kilograms.Target));
        Assert.Equal("unit \"kg\" does not convert to \"Cel\"", kilograms.Words);
        FieldBinding unheard = Bind(binder, "m", "T1", unit: new string('x', 200));
        Assert.Equal($"unit \"{new string('x', 64)}…\" does not convert to \"Cel\"", unheard.Words);
    }

    [Fact]
    public void An_unbound_value_keeps_the_unit_it_came_with()
    {
        CatalogueBinder binder = Binder();
        CheckSource(Bind(binder, "m", "wind", unit: "m/s"), "m/s", 1, 0);
        CheckSource(Bind(binder, "m", "wind", unit: "°F"), "[degF]", 1, 0);
        CheckSource(Bind(binder, "m", "wind", unit: "Beaufort"), "{Beaufort}", 1, 0);
        Assert.Equal(1, _catalogue.FieldCount);
    }

    [Fact]
    public void Names_that_look_the_same_are_one()
    {
        const string Composed = "Тээрмийн температур";
        const string Apart = "Тээрмии\u0306н\u00A0температур\u200B";
        CatalogueBinder binder = Binder(To(Apart, "CR-201.bearing_temp"));
        Assert.Equal("CR-201", AssetOf(Bind(binder, "m", Composed)));
        Assert.Equal("CR-201", AssetOf(Bind(binder, "m", Apart)));
        Assert.Equal("CR-202", AssetOf(Bind(binder, "m,asset=CR-202\u200B", " motor_current")));
        Field one = Bind(binder, "уурхай,байр=и\u0306", "조 온도").Target!;
        Field same = Bind(binder, "уурхай,байр=й", "\u110C\u1169 온도").Target!;
        Assert.Same(one, same);
        Assert.Equal("уурхай,байр=й", SmallMine.Text(same.Series.Key.Span));
        Assert.Null(SignalOf(Bind(binder, "m,asset=cr-202", SmallMine.Current)));
    }

    private static SignalBinding To(string from, string target) => SmallMine.BindingOf(from, target);

    private static SiteCatalogue Site(RouteDefinition route, params SignalBinding[] bindings)
    {
        SiteCatalogue mine = SmallMine.With(route);
        return new SiteCatalogue(mine.Site, mine.Assets, mine.Gateways, mine.Routes, mine.Signals)
        {
            Bindings = bindings,
        };
    }

    private static FieldBinding Bind(
        CatalogueBinder binder, string series, string name, long time = 0, string unit = "")
    {
        var field = new ArrivingField
        {
            Series = SmallMine.Bytes(series),
            Name = name,
            Type = FieldType.Float,
            Unit = unit,
            Time = time,
        };
        FieldBinding binding = binder.Bind(field);
        Assert.True(binding.HoldsAt(time));
        return binding;
    }

    private static string? AssetOf(FieldBinding binding) => SignalIn(binding)?.Asset.Id;

    private static string? SignalOf(FieldBinding binding) => SignalIn(binding)?.Id;

    private static SignalInstance? SignalIn(FieldBinding binding) => Mine.SignalOf(binding.Target!);

    private CatalogueBinder Binder(params SignalBinding[] bindings) => Binder(SmallMine.Route(), bindings);

    private CatalogueBinder Binder(RouteDefinition route, params SignalBinding[] bindings) =>
        new(route, Site(route, bindings), _catalogue, _unbound);

    private void CheckSource(FieldBinding binding, string unit, double scale, double offset)
    {
        SampleSource source = _catalogue.Sources.At(binding.Source)!;
        Assert.Equal(unit, source.Unit);
        Assert.Equal(scale, binding.Scale, tolerance: 1e-15);
        Assert.Equal(offset, binding.Offset, tolerance: 1e-13);
        Assert.Equal((binding.Scale, binding.Offset), (source.Scale, source.Offset));
    }
}
