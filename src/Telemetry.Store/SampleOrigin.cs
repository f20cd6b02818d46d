using Telemetry.Model;

namespace Telemetry.Store;

/// <summary>Where a sample came from and what was done to its time.</summary>
/// <param name="Source">Number in <see cref="SourceCatalogue"/>; 0 when unknown.</param>
/// <param name="Correction">What was added to the time as it came.</param>
internal readonly record struct SampleOrigin(int Source, TimeCorrection Correction);
