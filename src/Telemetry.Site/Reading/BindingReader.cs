using System.Globalization;
using Telemetry.Model;

namespace Telemetry.Site.Reading;

/// <summary>
/// Reads bindings, those of the site and those of its routes, and reports those that send one name to two signals.
/// </summary>
internal sealed class BindingReader(AssetTable assets, FaultList faults)
{
    private static readonly string[] Keys =
        ["from", "to", "gateway", "measurement", "tags", "unit", "scale", "offset", "since", "until"];

    private static readonly string[] SiteKeys = [.. Keys, "route"];

    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly Dictionary<string, List<(SignalBinding Binding, Node Node)>> _read = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The bindings of a route: a mapping of names to signals, or a list of bindings.</summary>
    public IReadOnlyList<SignalBinding> ReadOf(Section route, string name)
    {
        if (route.Find("bindings") is { Kind: NodeKind.Sequence })
        {
            return [.. ReadList(route, Keys, name)];
        }

        var bindings = new List<SignalBinding>();
        foreach (NodeEntry entry in route.Entries("bindings"))
        {
            string path = $"{route.PathOf("bindings")}.{entry.Key.Text}";
            (string asset, string signal) = ReadTarget(entry.Value.Text, entry.Value, path);
            var binding = new SignalBinding { From = entry.Key.Text, Asset = asset, Signal = signal, Route = name };
            bindings.Add(binding);
            CheckAgainstOthers(binding, entry.Key, path);
        }

        return bindings;
    }

    /// <summary>The bindings of the site.</summary>
    public IReadOnlyList<SignalBinding> ReadOfSite(Section site, IReadOnlyList<RouteDefinition> routes)
    {
        string[] names = [.. routes.Select(route => route.Name), "http"];
        IReadOnlyList<Node> items = site.Items("bindings");
        foreach (Node item in items.Where(item => item.Kind == NodeKind.Mapping))
        {
            Node? route = item.Entries.FirstOrDefault(entry => entry.Key.Text == "route").Value;
            if (route is not null && !names.Contains(route.Text))
            {
                string hint = Suggestion.For(route.Text, names);
                string path = $"bindings[{item.Index}].route";
                faults.Add(route, path, $"cannot use route \"{route.Text}\": there is none; {hint}");
            }
        }

        return [.. ReadList(site, SiteKeys, route: null)];
    }

    private IEnumerable<SignalBinding> ReadList(Section parent, string[] keys, string? route)
    {
        foreach (Node node in parent.Items("bindings"))
        {
            Section item = Section.Open(node, $"{parent.PathOf("bindings")}[{node.Index}]", faults, keys);
            SignalBinding binding = Read(item, route ?? item.Text("route"));
            CheckAgainstOthers(binding, node, item.Path);
            yield return binding;
        }
    }

    private SignalBinding Read(Section item, string route)
    {
        string from = item.RequireText("from", "T1");
        string to = item.RequireText("to", "CR-201.bearing_de_temp");
        (string asset, string signal) = to.Length == 0
            ? ("", "")
            : ReadTarget(to, item.Find("to")!, item.PathOf("to"));
        var binding = new SignalBinding
        {
            From = from,
            Asset = asset,
            Signal = signal,
            Route = route,
            Gateway = item.Text("gateway"),
            Measurement = item.Text("measurement"),
            Tags = [.. item.Entries("tags").Select(tag => new Tag(tag.Key.Text, tag.Value.Text))],
            Unit = ReadUnit(item, to),
            Scale = item.Number("scale", 1),
            Offset = item.Number("offset", 0),
            Since = ReadTime(item, "since", long.MinValue),
            Until = ReadTime(item, "until", long.MaxValue),
        };
        if (binding.Scale == 0)
        {
            item.Report("scale", "cannot use scale 0: every value would be the same; write the factor");
        }

        if (binding.Since >= binding.Until)
        {
            item.Report("until", "cannot use until: it is not after since, so that the binding never holds; mend one");
        }

        return binding;
    }

    private (string Asset, string Signal) ReadTarget(string target, Node node, string path)
    {
        if (!assets.Has(target))
        {
            string hint = Suggestion.For(target, [.. assets.Ids]);
            faults.Add(node, path, $"cannot bind to \"{target}\": no enabled asset has that signal; {hint}");
        }

        int dot = target.LastIndexOf('.');
        return dot < 0 ? (target, "") : (target[..dot], target[(dot + 1)..]);
    }

    private string ReadUnit(Section item, string to)
    {
        string code = item.Text("unit");
        if (code.Length == 0
            || UnitReader.Read(code, item.Find("unit")!, item.PathOf("unit"), faults) is not { } unit)
        {
            return code;
        }

        string? stored = assets.Signals.FirstOrDefault(signal => signal.Id == to)?.Definition.Unit;
        if (stored is not null && !UnitReader.Fits(unit, stored))
        {
            item.Report(
                "unit",
                $"cannot use unit \"{code}\": it does not convert to \"{stored}\", the unit of {to}; "
                + "write the unit that arrives");
        }

        return code;
    }

    private static long ReadTime(Section item, string key, long fallback)
    {
        string text = item.Text(key);
        if (text.Length == 0)
        {
            return fallback;
        }

        bool hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (hasZone
            && DateTimeOffset.TryParseExact(
                text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
            && time.Year is >= 1678 and < 2262)
        {
            return Timestamp.From(time);
        }

        item.Report(
            key,
            $"cannot use time \"{text}\"; write date, time and offset between 1678 and 2261, "
            + "such as 2026-03-01T08:00:00+08:00");
        return fallback;
    }

    private void CheckAgainstOthers(SignalBinding binding, Node node, string path)
    {
        if (++_count == SiteLimits.BindingCountMax + 1)
        {
            string found = $"expected at most {SiteLimits.BindingCountMax} bindings, found more";
            faults.Add(node, path, $"{found}; bind by a template where names follow a rule");
        }

        if (_count > SiteLimits.BindingCountMax || binding.From.Length == 0)
        {
            return;
        }

        if (!_read.TryGetValue(binding.From, out List<(SignalBinding Binding, Node Node)>? others))
        {
            _read.Add(binding.From, others = []);
        }

        foreach ((SignalBinding other, Node there) in others)
        {
            if (binding.Overlaps(other) && binding.IsAmbiguousWith(other))
            {
                string known = $"{there.PlaceSeenFrom(node)} binds it to {other.Asset}.{other.Signal}";
                faults.Add(
                    node, path,
                    $"cannot bind \"{binding.From}\": {known} at the same time; "
                    + "end one (until) before the other begins (since), or tell them apart by route, gateway or tags");
                break;
            }
        }

        others.Add((binding, node));
    }
}
