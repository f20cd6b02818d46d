using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Telemetry.Api;

/// <summary>The console's files, served from the executable itself, so that they work without the internet.</summary>
internal static class ConsoleEndpoints
{
    private const string Root = "wwwroot/";

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        Assembly assembly = typeof(ConsoleEndpoints).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Root, StringComparison.Ordinal))
            {
                continue;
            }

            byte[] content = Read(assembly, resource);
            string type = ContentTypeOf(resource);
            string path = "/" + resource[Root.Length..].Replace('\\', '/');
            routes.MapGet(path, () => Results.Bytes(content, type));
            if (path == "/index.html")
            {
                routes.MapGet("/", () => Results.Bytes(content, type));
            }
        }
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
}
