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
    private readonly Dictionary<Route, PointBatchWriter> _writers = [];

    public SiteDecoding(SiteVersion version, DecodingContext context, RefusalNotes notes)
    {
        Version = version;
        _context = context;
        _notes = notes;
        Routes = new RouteTable(version.Catalogue.Routes);
        foreach (Route route in Routes.Routes)
        {
            _writers.Add(route, WriterFor(route.Definition));
        }

        HttpWriter = WriterFor(RecordDecoder.HttpRoute);
    }

    public SiteVersion Version { get; }

    public RouteTable Routes { get; }

    /// <summary>The writer of lines written over HTTP.</summary>
    public PointBatchWriter HttpWriter { get; }

    public PointBatchWriter WriterOf(Route route) => _writers[route];

    private PointBatchWriter WriterFor(RouteDefinition route) =>
        new(new CatalogueBinder(route, Version.Catalogue, _context.Catalogue, _context.Unbound), _notes);
}
