using Telemetry.Site;

namespace Telemetry.Ingestion;

/// <summary>What the site is made of, and where it is archived.</summary>
/// <param name="Files">Where it is read from again.</param>
/// <param name="Set">What was read from there at the start, without a fault.</param>
/// <param name="ArchiveDirectory">Where every site that is put in force is kept.</param>
public sealed record SiteOrigin(SiteFiles Files, SiteSet Set, string ArchiveDirectory);
