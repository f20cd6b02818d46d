using Telemetry.Model;

namespace Telemetry.Ingestion;

/// <summary>A verdict that an operator wants to give.</summary>
/// <param name="FindingNumber">The finding; 0 for the last alarm of the signal.</param>
/// <param name="Signal">The signal, when the finding is not numbered.</param>
/// <param name="Verdict">What is said.</param>
/// <param name="Operator">Who says it.</param>
/// <param name="Comment">Why; may be empty.</param>
/// <param name="Days">For how long, of what is expected; 0 for the default.</param>
public sealed record VerdictRequest(
    long FindingNumber, string Signal, OperatorVerdict Verdict, string Operator, string Comment, int Days);
