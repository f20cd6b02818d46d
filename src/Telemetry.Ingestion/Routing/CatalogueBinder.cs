using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// A name that arrived and belongs to no signal of the catalogue: stored under its own name, and listed.
/// </summary>
/// <param name="Route">The route it came by.</param>
/// <param name="Series">Measurement and tags as they arrived.</param>
/// <param name="Field">The field as it arrived.</param>
public readonly record struct UnboundName(string Route, string Series, string Field);

/// <summary>The list of unbound names, with a ceiling.</summary>
public sealed class UnboundNames
{
    private const int CountMax = 10_000; // a list for people; what is beyond is counted, not listed
    private readonly ConcurrentDictionary<UnboundName, byte> _names = new();
    private readonly ByteBudget _bytes = new(IngestionLimits.ListedNameBytesMax);
    private long _unlisted;

    /// <summary>All listed names.</summary>
    public IReadOnlyCollection<UnboundName> Names => (IReadOnlyCollection<UnboundName>)_names.Keys;

    /// <summary>How many times a name did not fit in.</summary>
    public long Unlisted => Volatile.Read(ref _unlisted);

    internal void Clear()
    {
        foreach (UnboundName name in _names.Keys)
        {
            if (_names.TryRemove(name, out _))
            {
                _bytes.Return(BytesOf(name));
            }
        }
    }

    internal void Add(UnboundName name)
    {
        if (_names.ContainsKey(name))
        {
            return;
        }

        if (_names.Count < CountMax && _bytes.TryTake(BytesOf(name)))
        {
            _names.TryAdd(name, 0);
        }
        else
        {
            Interlocked.Increment(ref _unlisted);
        }
    }

    private static long BytesOf(UnboundName name) => sizeof(char) * ((long)name.Series.Length + name.Field.Length);
}

/// <summary>
/// Binds the arriving names of one route to the catalogue's signals. A bound field is stored under the canonical
/// schema: measurement = equipment type; tags site, area, asset; field = signal key. Asked once per name.
/// </summary>
internal sealed class CatalogueBinder : IFieldBinder
{
    private readonly RouteDefinition _route;
    private readonly SiteCatalogue _site;
    private readonly SeriesCatalogue _catalogue;
    private readonly UnboundNames _unbound;
    private readonly Regex? _template;

    public CatalogueBinder(RouteDefinition route, SiteCatalogue site, SeriesCatalogue catalogue, UnboundNames unbound)
    {
        _route = route;
        _site = site;
        _catalogue = catalogue;
        _unbound = unbound;
        _template = route.Binding.Length == 0 ? null : TemplateOf(route.Binding);
    }

    public FieldBinding Bind(ReadOnlySpan<byte> arrivingSeries, string fieldName, FieldType type)
    {
        IReadOnlyList<Tag> tags = SeriesKey.Parse(arrivingSeries, out string measurement);
        if (TryFindSignal(tags, fieldName, out SignalInstance? signal))
        {
            return BindToSignal(signal!, type);
        }

        if (_site.Signals.Count > 0)
        {
            _unbound.Add(new UnboundName(_route.Name, Encoding.UTF8.GetString(arrivingSeries), fieldName));
        }

        InternOutcome outcome =
            _catalogue.TryIntern(SeriesKey.Render(measurement, tags), fieldName, type, out Field? field);
        return BindingOf(outcome, field, measurement, fieldName);
    }

    /// <summary>A signal is a number, also where a gateway puts it into quotes.</summary>
    public FieldBinding BindNumberInText(ReadOnlySpan<byte> arrivingSeries, string fieldName) =>
        TryFindSignal(SeriesKey.Parse(arrivingSeries, out _), fieldName, out SignalInstance? signal)
            ? BindToSignal(signal!, FieldType.Float)
            : new FieldBinding(InternOutcome.NotANumber, null);

    /// <summary>A signal is a number: booleans and integers become floats, text is refused.</summary>
    private FieldBinding BindToSignal(SignalInstance signal, FieldType type)
    {
        if (type == FieldType.String)
        {
            return new FieldBinding(InternOutcome.TypeConflict, null, Expected: FieldType.Float);
        }

        Asset asset = signal.Asset;
        byte[] key = SeriesKey.Render(
            asset.Type.Key, [new Tag("site", _site.Site), new Tag("area", asset.Area), new Tag("asset", asset.Id)]);
        InternOutcome outcome =
            _catalogue.TryIntern(key, signal.Definition.Key, FieldType.Float, out Field? field);
        return BindingOf(outcome, field, asset.Type.Key, signal.Definition.Key);
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

    private bool TryFindSignal(IReadOnlyList<Tag> tags, string fieldName, out SignalInstance? signal)
    {
        signal = null;
        if (_route.Bindings.TryGetValue(fieldName, out string? exact))
        {
            int dot = exact.LastIndexOf('.');
            return dot > 0 && _site.TryGetSignal(exact[..dot], exact[(dot + 1)..], out signal);
        }

        string? assetTag = tags.FirstOrDefault(tag => tag.Key == "asset").Value;
        if (_template is null)
        {
            return assetTag is not null && _site.TryGetSignal(assetTag, fieldName, out signal);
        }

        Match match = _template.Match(fieldName);
        string? asset = match.Groups["asset"].Success ? match.Groups["asset"].Value : assetTag;
        return match.Success && asset is not null
            && _site.TryGetSignal(asset, match.Groups["signal"].Value, out signal);
    }

    /// <summary><c>{asset}.{signal}</c> as a pattern; a signal key holds no separator, an asset may.</summary>
    private static Regex TemplateOf(string binding)
    {
        string pattern = Regex.Escape(binding)
            .Replace(@"\{asset}", "(?<asset>.+)", StringComparison.Ordinal)
            .Replace(@"\{signal}", "(?<signal>[A-Za-z0-9_]+)", StringComparison.Ordinal);
        return new Regex($"^{pattern}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
