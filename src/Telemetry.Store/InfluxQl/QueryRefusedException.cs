namespace Telemetry.Store.InfluxQl;

/// <summary>
/// Carries the text of a refusal from deep inside the parser or an executor to the engine, which turns it into a value;
/// it never leaves this folder.
/// </summary>
internal sealed class QueryRefusedException(string message) : Exception(message);
