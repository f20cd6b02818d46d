using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Api;

/// <summary>A JSON object in a request's body.</summary>
internal static class JsonBody
{
    /// <summary>Reads one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="failure">How a refusal begins: what cannot be done.</param>
    /// <param name="wanted">How a refusal ends: what is to be sent.</param>
    /// <param name="aborted">The asker went away.</param>
    /// <returns>The object, null where the body is the word null; or the refusal to be answered.</returns>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(
        HttpContext context, string failure, string wanted, CancellationToken aborted)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            string found = context.Request.ContentType is { Length: > 0 } type ? $"\"{type}\"" : "none";
            return (null, ErrorAnswer.Refusal(
                StatusCodes.Status415UnsupportedMediaType,
                $"{failure}: expected Content-Type application/json, found {found}; {wanted}"));
        }

        try
        {
            return (await context.Request.ReadFromJsonAsync<T>(aborted), null);
        }
        catch (JsonException cause)
        {
            return (null, ErrorAnswer.Refusal(
                StatusCodes.Status400BadRequest,
                $"{failure}: no good JSON at line {cause.LineNumber + 1}, byte {cause.BytePositionInLine}; {wanted}"));
        }
        catch (BadHttpRequestException cause)
        {
            return (null, ErrorAnswer.Refusal(cause.StatusCode, $"{failure}: {cause.Message}; {wanted}"));
        }
    }
}
