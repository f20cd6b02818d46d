using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>What the bindings say of a name at a time.</summary>
/// <param name="Binding">The binding that holds; null when none does.</param>
/// <param name="From">The answer is the same from this time on.</param>
/// <param name="Until">The answer is the same before this time.</param>
internal readonly record struct BindingAnswer(SignalBinding? Binding, long From, long Until);

/// <summary>The bindings of a site that names of one route, and of one gateway, may be taken by.</summary>
internal sealed class BindingRules
{
    private readonly ILookup<string, SignalBinding> _byName;

    /// <param name="route">The route the names come by.</param>
    /// <param name="site">Has bindings of its own.</param>
    /// <param name="gateway">The gateway they come from; null for those that no binding names.</param>
    public BindingRules(RouteDefinition route, SiteCatalogue site, string? gateway)
    {
        _byName = route.Bindings.Concat(site.Bindings)
            .Where(binding => Takes(binding.Route, route.Name) && Takes(binding.Gateway, gateway))
            .ToLookup(binding => binding.From, StringComparer.Ordinal);
    }

    /// <summary>The gateways that bindings name: names from them are bound apart from all others.</summary>
    public static IReadOnlyCollection<string> GatewaysOf(RouteDefinition route, SiteCatalogue site) =>
        route.Bindings.Concat(site.Bindings)
            .Where(binding => binding.Gateway.Length > 0 && Takes(binding.Route, route.Name))
            .Select(binding => binding.Gateway)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The most particular binding of a name at a time. Names are as people see them.</summary>
    public BindingAnswer Find(string name, string measurement, Tag[] tags, long time)
    {
        SignalBinding? best = null;
        long from = long.MinValue;
        long until = long.MaxValue;
        foreach (SignalBinding binding in _byName[name])
        {
            if (!Takes(binding.Measurement, measurement) || !binding.Tags.All(tags.Contains))
            {
                continue;
            }

            Narrow(binding.Since, time, ref from, ref until);
            Narrow(binding.Until, time, ref from, ref until);
            bool holds = binding.Since <= time && (time < binding.Until || binding.Until == long.MaxValue);
            if (holds && (best is null || binding.ConditionCount > best.ConditionCount))
            {
                best = binding;
            }
        }

        return new BindingAnswer(best, from, until);
    }

    /// <summary>An end of a binding is where the answer may change.</summary>
    private static void Narrow(long end, long time, ref long from, ref long until)
    {
        if (end <= time)
        {
            from = Math.Max(from, end);
        }
        else
        {
            until = Math.Min(until, end);
        }
    }

    private static bool Takes(string condition, string? found) =>
        condition.Length == 0 || condition == found;
}
