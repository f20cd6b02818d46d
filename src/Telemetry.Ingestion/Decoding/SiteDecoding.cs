using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>
/// What one decoder has made of a site: its routes, and a batch writer for each with the names it has bound. Another
/// site gets another one. Belongs to the decoder's thread.
/// </summary>
internal sealed class SiteDecoding
{
    private readonly DecodingContext _context;
    private readonly RefusalNotes _notes;
    private readonly Dictionary<Route, GatewayWriters> _writers = [];

    public SiteDecoding(SiteVersion version, DecodingContext context, RefusalNotes notes)
    {
        Version = version;
        _context = context;
        _notes = notes;
        Routes = new RouteTable(version.Catalogue.Routes);
        foreach (Route route in Routes.Routes)
        {
            _writers.Add(route, WritersFor(route.Definition));
        }

        HttpWriters = WritersFor(RecordDecoder.HttpRoute);
    }

    public SiteVersion Version { get; }

    public RouteTable Routes { get; }

    /// <summary>The writers of lines written over HTTP.</summary>
    public GatewayWriters HttpWriters { get; }

    public GatewayWriters WritersOf(Route route) => _writers[route];

    private GatewayWriters WritersFor(RouteDefinition route) => new(
        gateway => new PointBatchWriter(
            new CatalogueBinder(route, Version.Catalogue, _context.Catalogue, _context.Unbound, gateway), _notes),
        BindingRules.GatewaysOf(route, Version.Catalogue));
}
