using Microsoft.AspNetCore.Http;

namespace Telemetry.Api;

/// <summary>The one shape of an error, as in InfluxDB 1.x.</summary>
/// <param name="Error">What is wrong, and what to do.</param>
public sealed record ErrorAnswer(string Error)
{
    /// <summary>The error as a whole answer.</summary>
    internal static IResult Refusal(int status, string error) =>
        Results.Json(new ErrorAnswer(error), statusCode: status);
}
