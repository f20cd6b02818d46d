using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Buffers;
using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// What a message was decoded by: the program's version and a checksum of the route with its mapping, such as
/// <c>0.1.0-5f3a09c1</c>. Another text means that the same payload may be read otherwise.
/// </summary>
internal static class RouteVersion
{
    private static readonly string Program = typeof(RouteVersion).Assembly.GetName().Version!.ToString(fieldCount: 3);
    private static readonly ConditionalWeakTable<RouteDefinition, string> Known = [];
    private static readonly JsonSerializerOptions Whole = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The version of a route; that of none is the program's alone.</summary>
    public static string Of(RouteDefinition? route) => route is null ? Program : Known.GetValue(route, Render);

    private static string Render(RouteDefinition route)
    {
        uint checksum = Crc32C.Append(0, JsonSerializer.SerializeToUtf8Bytes(route, Whole));
        return string.Create(CultureInfo.InvariantCulture, $"{Program}-{checksum:x8}");
    }
}
