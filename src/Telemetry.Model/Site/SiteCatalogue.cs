namespace Telemetry.Model;

/// <summary>A name in the pilot's three languages; what is missing falls back to English.</summary>
/// <param name="English">Always there.</param>
/// <param name="Mongolian">Cyrillic; may be empty.</param>
/// <param name="Korean">May be empty.</param>
public sealed record DisplayName(string English, string Mongolian = "", string Korean = "");

/// <summary>The four absolute alarm limits of a signal; NaN where there is none.</summary>
public readonly record struct LimitSet(double LowLow, double Low, double High, double HighHigh)
{
    /// <summary>No limit at all.</summary>
    public static LimitSet None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);
}

/// <summary>How a signal is watched.</summary>
/// <param name="Limits">LL, L, H, HH in the signal's unit.</param>
/// <param name="Deadband">How far back inside a limit the value must come before the condition ends, in the
/// unit.</param>
/// <param name="OnDelaySeconds">How long a limit must be passed before the condition begins.</param>
/// <param name="OffDelaySeconds">How long the value must be back before the condition ends.</param>
/// <param name="RatePerMinuteMax">Largest change in units per minute; NaN when not watched.</param>
/// <param name="FlatlineSeconds">How long an unchanged value is suspicious; 0 when not watched.</param>
/// <param name="SilenceSeconds">How long without a sample is silence; 0 when not watched.</param>
/// <param name="Anomalies">Whether what is unusual for the signal is watched for.</param>
public sealed record AlarmRule(
    LimitSet Limits,
    double Deadband,
    double OnDelaySeconds,
    double OffDelaySeconds,
    double RatePerMinuteMax,
    double FlatlineSeconds,
    double SilenceSeconds,
    bool Anomalies = false);

/// <summary>A signal as the catalogue defines it for an equipment type.</summary>
/// <param name="Key">Its key, unique within the type; the field name in the store.</param>
/// <param name="Name">What people read.</param>
/// <param name="Unit">UCUM code, braces for annotations.</param>
/// <param name="RangeLow">Lower end of the plausible range, in the unit.</param>
/// <param name="RangeHigh">Upper end of the plausible range, in the unit.</param>
/// <param name="Normal">Its usual value.</param>
/// <param name="Noise">Standard deviation of its noise.</param>
/// <param name="PeriodSeconds">How often a sample is expected; 0 for events and batches.</param>
/// <param name="Alarm">How it is watched.</param>
public sealed record SignalDefinition(
    string Key,
    string Name,
    string Unit,
    double RangeLow,
    double RangeHigh,
    double Normal,
    double Noise,
    double PeriodSeconds,
    AlarmRule Alarm);

/// <summary>A kind of equipment and its signals.</summary>
/// <param name="Key">Short code, for instance CR1; the measurement in the store.</param>
/// <param name="Name">What people read.</param>
/// <param name="Signals">Its signals.</param>
/// <param name="Load">Key of the signal that says how hard it works; empty when none does.</param>
public sealed record EquipmentType(
    string Key, string Name, IReadOnlyList<SignalDefinition> Signals, string Load = "")
{
    /// <summary>How the relations between signals are watched where an asset says nothing else; null: not.</summary>
    public RelationRule? Relations { get; init; }
}

/// <summary>One piece of equipment.</summary>
/// <param name="Id">Its tag, for instance CR-201; unique in the site.</param>
/// <param name="Type">What it is.</param>
/// <param name="Area">The area it stands in.</param>
/// <param name="Name">What people read.</param>
/// <param name="Gateway">The gateway its signals come through; empty when none.</param>
/// <param name="Enabled">False for equipment that is listed but not there yet.</param>
public sealed record Asset(
    string Id, EquipmentType Type, string Area, DisplayName Name, string Gateway, bool Enabled)
{
    /// <summary>How the relations between its signals are watched; null: not.</summary>
    public RelationRule? Relations { get; init; }
}

/// <summary>A signal of an asset: what a bound field carries.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Definition">The signal, with the asset's own limits where the site file changes them.</param>
public sealed record SignalInstance(Asset Asset, SignalDefinition Definition)
{
    /// <summary>Asset and signal in one name, for instance <c>CR-201.motor_current</c>.</summary>
    public string Id => $"{Asset.Id}.{Definition.Key}";

    /// <summary>Id of the signal of its asset's load, which its usual values depend on; empty when none is.</summary>
    public string Load { get; init; } = "";

    /// <summary>Id of the signal of the air temperature around it; empty when none is.</summary>
    public string Ambient { get; init; } = "";
}

/// <summary>A gateway of the site.</summary>
/// <param name="Id">Its identity: the MQTT client identifier it connects with.</param>
/// <param name="Name">What people read.</param>
/// <param name="Note">Make and format, for people.</param>
/// <param name="Format">What the simulated mine speaks for it: line-protocol, json-flat, json-values, senml, frame;
/// empty when none.</param>
/// <param name="Clock">How its times are read; null: as the site says for all.</param>
public sealed record Gateway(
    string Id, DisplayName Name, string Note, string Format, ClockPolicy? Clock = null);

/// <summary>Everything the site file declares, validated. Immutable; a reload makes a new one.</summary>
public sealed class SiteCatalogue
{
    private readonly Dictionary<(string Asset, string Signal), SignalInstance> _signals;

    /// <param name="site">The site's slug, for instance <c>pilot</c>.</param>
    /// <param name="assets">All assets, gateways excluded.</param>
    /// <param name="gateways">All gateways.</param>
    /// <param name="routes">In the order in which they are tried.</param>
    /// <param name="signals">All signal instances of enabled assets.</param>
    public SiteCatalogue(
        string site,
        IReadOnlyList<Asset> assets,
        IReadOnlyList<Gateway> gateways,
        IReadOnlyList<RouteDefinition> routes,
        IReadOnlyList<SignalInstance> signals)
    {
        Site = site;
        Assets = assets;
        Gateways = gateways;
        Routes = routes;
        Signals = signals;
        _signals = new(signals.Count);
        foreach (SignalInstance signal in signals)
        {
            _signals.Add((VisibleName.Of(signal.Asset.Id), VisibleName.Of(signal.Definition.Key)), signal);
        }
    }

    private SiteCatalogue(SiteCatalogue other, IReadOnlyList<RouteDefinition> routes)
    {
        Site = other.Site;
        Assets = other.Assets;
        Gateways = other.Gateways;
        Clock = other.Clock;
        Routes = routes;
        Signals = other.Signals;
        Bindings = other.Bindings;
        Lanes = other.Lanes;
        _signals = other._signals;
    }

    /// <summary>A site without a site file: no assets, one route that takes every topic.</summary>
    public static SiteCatalogue Empty { get; } = new("default", [], [], [RouteDefinition.CatchAll], []);

    /// <summary>The site's slug.</summary>
    public string Site { get; }

    /// <summary>All assets, gateways excluded.</summary>
    public IReadOnlyList<Asset> Assets { get; }

    /// <summary>All gateways.</summary>
    public IReadOnlyList<Gateway> Gateways { get; }

    /// <summary>How the times of gateways are read that have no policy of their own.</summary>
    public ClockPolicy Clock { get; init; } = ClockPolicy.Default;

    /// <summary>The routes in the order in which they are tried; the last one takes what is left.</summary>
    public IReadOnlyList<RouteDefinition> Routes { get; }

    /// <summary>All signals of enabled assets.</summary>
    public IReadOnlyList<SignalInstance> Signals { get; }

    /// <summary>Bindings that belong to no single route.</summary>
    public IReadOnlyList<SignalBinding> Bindings { get; init; } = [];

    /// <summary>
    /// What may give way when the spool has little room; the first that holds a message decides, and what none holds
    /// stays.
    /// </summary>
    public IReadOnlyList<TrafficLane> Lanes { get; init; } = [];

    /// <summary>The same site with other routes.</summary>
    /// <param name="routes">In the order in which they are tried.</param>
    public SiteCatalogue WithRoutes(IReadOnlyList<RouteDefinition> routes) => new(this, routes);

    /// <summary>Finds the signal of an asset; names are compared as people see them.</summary>
    public bool TryGetSignal(string asset, string signal, out SignalInstance? instance) =>
        _signals.TryGetValue((VisibleName.Of(asset), VisibleName.Of(signal)), out instance);

    /// <summary>
    /// The signal that a field is: measurement = equipment type, tags site, area, asset, field = signal key. Null when
    /// the field is none of the site's.
    /// </summary>
    public SignalInstance? SignalOf(Field field)
    {
        ArgumentNullException.ThrowIfNull(field);
        bool isSignal = TryGetSignal(TagOf(field.Series, "asset"), field.Name, out SignalInstance? signal)
            && field.Series.Measurement == signal!.Asset.Type.Key
            && TagOf(field.Series, "area") == signal.Asset.Area
            && TagOf(field.Series, "site") == Site;
        return isSignal ? signal : null;
    }

    private static string TagOf(Series series, string key) =>
        series.Tags.FirstOrDefault(tag => tag.Key == key).Value ?? "";
}
