using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Api;

/// <summary>
/// Lets requests from this machine in, and from elsewhere those with the token: <c>Authorization: Token …</c> (InfluxDB
/// 2), <c>Bearer …</c>, the password of basic authentication or <c>p=</c> (InfluxDB 1), or the console's cookie. A
/// browser's request that changes something must come from the console's own origin.
/// </summary>
public sealed class TokenGuard
{
    /// <summary>The cookie in which the console keeps the token; set with <c>?token=…</c> on the first visit.</summary>
    public const string CookieName = "telemetry-token";

    private readonly RequestDelegate _next;
    private readonly byte[] _token;

    /// <param name="next">What is guarded.</param>
    /// <param name="options">The token.</param>
    public TokenGuard(RequestDelegate next, AccessOptions options)
    {
        _next = next;
        _token = Encoding.UTF8.GetBytes(options.Token);
    }

    /// <summary>Lets the request pass or answers 401 or 403.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (IsForeignOrigin(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden,
                "cannot accept request: its Origin is not this service; open the console from its own address");
            return;
        }

        if (IsFromThisMachine(context) || HasToken(context))
        {
            await _next(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Token";
        string cause = _token.Length == 0
            ? "no token is configured; set Http:Token, or ask from the machine itself"
            : "the token is missing or wrong; send 'Authorization: Token …'";
        await RefuseAsync(context, StatusCodes.Status401Unauthorized, $"unauthorized access: {cause}");
    }

    private static bool IsFromThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    /// <summary>Browsers send Origin with what changes something; programs do not (RFC 6454 §7).</summary>
    private static bool IsForeignOrigin(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        return origin is not null
            && !HttpMethods.IsGet(request.Method)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority == request.Host.Value);
    }

    private bool HasToken(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (Matches(request.Query["token"]))
        {
            context.Response.Cookies.Append(CookieName, request.Query["token"]!, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = request.IsHttps,
            });
            return true;
        }

        return Matches(request.Cookies[CookieName])
            || Matches(request.Query["p"])
            || Matches(FromHeader(request.Headers.Authorization));
    }

    private static string? FromHeader(string? header)
    {
        int space = header?.IndexOf(' ') ?? -1;
        if (space < 0)
        {
            return null;
        }

        string value = header![(space + 1)..].Trim();
        return header[..space].ToUpperInvariant() switch
        {
            "TOKEN" or "BEARER" => value,
            "BASIC" => PasswordOf(value),
            _ => null,
        };
    }

    private static string? PasswordOf(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out int length))
        {
            return null;
        }

        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair[(pair.IndexOf(':') + 1)..];
    }

    private bool Matches(string? offered) =>
        _token.Length > 0
        && offered is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(offered), _token);

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(error));
    }
}
