namespace Telemetry.Ingestion;

/// <summary>What became of a change of the site.</summary>
/// <param name="IsDone">The route is in force.</param>
/// <param name="Message">What was written where, or why not and what to do.</param>
public readonly record struct SiteChangeAnswer(bool IsDone, string Message);

/// <summary>Adds to the site in files of its own beside the engineer's, and puts the whole into force.</summary>
public interface ISiteChanger
{
    /// <summary>
    /// Adds a file with one route, checks the site with it, and reloads; on a fault nothing is changed.
    /// </summary>
    /// <param name="name">The file's name without extension: small letters, digits and dashes.</param>
    /// <param name="yaml">Its text.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<SiteChangeAnswer> AddRouteAsync(string name, string yaml, CancellationToken cancellationToken);
}
