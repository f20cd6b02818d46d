using Telemetry.Model;

namespace Telemetry.FirmwareSim;

/// <summary>One sample on its way into a payload.</summary>
internal readonly record struct Reading(SignalInstance Signal, double Value);
