using System.Text;
using Telemetry.Model;

namespace Telemetry.Ingestion.Tests;

/// <summary>A site of two crushers with two watched signals each.</summary>
internal static class SmallMine
{
    public const string Current = "motor_current";
    public const string Temperature = "bearing_temp";

    private static readonly AlarmRule Rule =
        new(new LimitSet(10, 20, 80, 90), 1, 0, 0, double.NaN, 0, 0);

    public static SiteCatalogue With(params RouteDefinition[] routes) => With(relations: null, routes);

    /// <summary>The same with what the relations between the two signals are watched by.</summary>
    public static SiteCatalogue With(RelationRule? relations, params RouteDefinition[] routes)
    {
        SignalDefinition[] signals = [SignalOf(Current, "A"), SignalOf(Temperature, "Cel")];
        var type = new EquipmentType("CR1", "crusher", signals);
        Asset[] assets =
            [.. new[] { "CR-201", "CR-202" }.Select(id => AssetOf(id, type) with { Relations = relations })];
        return new SiteCatalogue(
            "pilot", assets, [], routes.Length > 0 ? routes : [RouteDefinition.CatchAll],
            [.. assets.SelectMany(asset => signals.Select(signal => new SignalInstance(asset, signal)))]);
    }

    public static RouteDefinition Route(
        string filter = "#",
        string decoder = "line-protocol",
        string binding = "",
        IReadOnlyDictionary<string, string>? exact = null) =>
        new()
        {
            Name = $"route {filter}",
            Filter = filter,
            Decoder = decoder,
            Binding = binding,
            Bindings = [.. (exact ?? new Dictionary<string, string>()).Select(pair => BindingOf(pair.Key, pair.Value))],
        };

    public static SignalBinding BindingOf(string from, string to) => new()
    {
        From = from,
        Asset = to[..to.LastIndexOf('.')],
        Signal = to[(to.LastIndexOf('.') + 1)..],
    };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static SignalDefinition SignalOf(string key, string unit) =>
        new(key, key.Replace('_', ' '), unit, 0, 100, 50, 1, 1, Rule);

    private static Asset AssetOf(string id, EquipmentType type) =>
        new(id, type, "crushing", new DisplayName("Jaw crusher"), "gw-1", Enabled: true);
}
