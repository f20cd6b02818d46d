using System.Text;
using System.Text.RegularExpressions;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// Binds the arriving names of one route to the catalogue's signals. A bound field is stored under the canonical
/// schema: measurement = equipment type; tags site, area, asset; field = signal key. What is not bound is stored under
/// its own names as people see them. Asked once per name, unit, and interval in which bindings hold.
/// </summary>
internal sealed class CatalogueBinder : IFieldBinder
{
    private readonly RouteDefinition _route;
    private readonly SiteCatalogue _site;
    private readonly SeriesCatalogue _catalogue;
    private readonly UnboundNames _unbound;
    private readonly BindingRules _rules;
    private readonly Regex? _template;

    /// <param name="route">Has the template.</param>
    /// <param name="site">Has the signals.</param>
    /// <param name="catalogue">Gives identities.</param>
    /// <param name="unbound">Lists names without a signal.</param>
    /// <param name="gateway">Binds what comes from this gateway; null: from those that no binding names.</param>
    public CatalogueBinder(
        RouteDefinition route,
        SiteCatalogue site,
        SeriesCatalogue catalogue,
        UnboundNames unbound,
        string? gateway = null)
    {
        _route = route;
        _site = site;
        _catalogue = catalogue;
        _unbound = unbound;
        _rules = new BindingRules(route, site, gateway);
        _template = route.Binding.Length == 0 ? null : TemplateOf(route.Binding);
    }

    public FieldBinding Bind(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type) =>
        Bind(new ArrivingField { Series = arrivingSeries, Name = fieldName, Type = type, Unit = "" });

    public FieldBinding Bind(in ArrivingField field)
    {
        string name = VisibleName.Of(field.Name);
        Tag[] tags =
        [
            .. SeriesKey.Parse(field.Series, out string measurement)
                .Select(tag => new Tag(VisibleName.Of(tag.Key), VisibleName.Of(tag.Value))),
        ];
        measurement = VisibleName.Of(measurement);
        BindingAnswer answer = _rules.Find(name, measurement, tags, field.Time);
        FieldBinding binding = SignalOf(answer.Binding, tags, name) is { } signal
            ? BindToSignal(signal, answer.Binding, field)
            : BindToItself(measurement, tags, name, field);
        return binding with { From = answer.From, Until = answer.Until };
    }

    /// <summary>
    /// A signal is a number: booleans, integers and numbers in quotes become floats, text is refused.
    /// </summary>
    private FieldBinding BindToSignal(SignalInstance signal, SignalBinding? rule, in ArrivingField arriving)
    {
        if (arriving is { Type: FieldType.String, Written: WrittenAs.Itself })
        {
            return new FieldBinding(InternOutcome.TypeConflict, null, Expected: FieldType.Float);
        }

        string spelling = UnitOf(rule, signal, arriving);
        if (!TryConvert(spelling, signal.Definition.Unit, out string unit, out UnitConversion conversion))
        {
            string words = $"unit \"{Shown(spelling)}\" does not convert to \"{signal.Definition.Unit}\"";
            return new FieldBinding(InternOutcome.UnitDiffers, null, Words: words);
        }

        Asset asset = signal.Asset;
        byte[] key = SeriesKey.Render(
            asset.Type.Key, [new Tag("site", _site.Site), new Tag("area", asset.Area), new Tag("asset", asset.Id)]);
        InternOutcome outcome =
            _catalogue.TryIntern(key, signal.Definition.Key, FieldType.Float, out Field? field);
        double scale = conversion.Scale * (rule?.Scale ?? 1);
        double offset = (conversion.Scale * (rule?.Offset ?? 0)) + conversion.Offset;
        return BindingOf(outcome, field, asset.Type.Key, signal.Definition.Key) with
        {
            Scale = scale,
            Offset = offset,
            Source = outcome == InternOutcome.Interned ? SourceOf(arriving, unit, scale, offset) : 0,
        };
    }

    private FieldBinding BindToItself(string measurement, Tag[] tags, string name, in ArrivingField arriving)
    {
        if (arriving.Written == WrittenAs.NumberInText)
        {
            return new FieldBinding(InternOutcome.NotANumber, null);
        }

        byte[] key = SeriesKey.Render(measurement, tags);
        InternOutcome outcome = _catalogue.TryIntern(key, name, arriving.Type, out Field? field, isForeign: true);
        if (_site.Signals.Count > 0)
        {
            string series = Encoding.UTF8.GetString(arriving.Series);
            _unbound.Add(new UnboundName(_route.Name, series, arriving.Name), field?.Id ?? -1);
        }

        return BindingOf(outcome, field, measurement, name) with
        {
            Source = outcome == InternOutcome.Interned
                ? SourceOf(arriving, UnitSpelling.Noted(arriving.Unit), scale: 1, offset: 0)
                : 0,
        };
    }

    private FieldBinding BindingOf(InternOutcome outcome, Field? field, string measurement, string fieldName)
    {
        FieldType expected = FieldType.Float;
        if (outcome == InternOutcome.TypeConflict)
        {
            _catalogue.TryGetType(measurement, fieldName, out expected);
        }

        return new FieldBinding(outcome, field, Expected: expected);
    }

    private int SourceOf(in ArrivingField arriving, string unit, double scale, double offset) =>
        _catalogue.Sources.NumberOf(
            new SampleSource(Encoding.UTF8.GetString(arriving.Series), arriving.Name, unit, scale, offset));

    /// <summary>The unit a value arrives in: as the binding says, else the route, else the message.</summary>
    private string UnitOf(SignalBinding? rule, SignalInstance signal, in ArrivingField arriving) =>
        rule is { Unit.Length: > 0 } ? rule.Unit
        : _route.Units.TryGetValue(arriving.Name, out string? ofField) ? ofField
        : _route.Units.TryGetValue(signal.Definition.Key, out string? ofSignal) ? ofSignal
        : arriving.Unit;

    private static bool TryConvert(string spelling, string stored, out string unit, out UnitConversion conversion)
    {
        unit = spelling;
        conversion = UnitConversion.None;
        if (spelling.Length == 0 || spelling == stored)
        {
            return true;
        }

        if (!Unit.TryParse(stored, out Unit? target, out _)
            || !UnitSpelling.TryConvert(spelling, target, out Unit? arriving, out conversion))
        {
            return false;
        }

        unit = arriving!.Code;
        return true;
    }

    private static string Shown(string spelling) =>
        spelling.Length > Limits.UnitCharactersMax ? spelling[..Limits.UnitCharactersMax] + "…" : spelling;

    private SignalInstance? SignalOf(SignalBinding? rule, Tag[] tags, string name)
    {
        SignalInstance? signal;
        if (rule is not null)
        {
            return _site.TryGetSignal(rule.Asset, rule.Signal, out signal) ? signal : null;
        }

        string? assetTag = tags.FirstOrDefault(tag => tag.Key == "asset").Value;
        if (_template is null)
        {
            return assetTag is not null && _site.TryGetSignal(assetTag, name, out signal) ? signal : null;
        }

        Match match = _template.Match(name);
        string? asset = match.Groups["asset"].Success ? match.Groups["asset"].Value : assetTag;
        return match.Success && asset is not null
            && _site.TryGetSignal(asset, match.Groups["signal"].Value, out signal) ? signal : null;
    }

    /// <summary><c>{asset}.{signal}</c> as a pattern; a signal key holds no separator, an asset may.</summary>
    private static Regex TemplateOf(string binding)
    {
        string pattern = Regex.Escape(VisibleName.Of(binding))
            .Replace(@"\{asset}", "(?<asset>.+)", StringComparison.Ordinal)
            .Replace(@"\{signal}", @"(?<signal>[\p{L}\p{N}_]+)", StringComparison.Ordinal);
        return new Regex($"^{pattern}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
