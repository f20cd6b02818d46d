using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Telemetry.Api.Tests;

public sealed class TokenGuardTests
{
    private const string Token = "s3cret";
    private const string Elsewhere = "192.0.2.7";

    [Fact]
    public async Task A_request_from_this_machine_passes()
    {
        await Check(200, "127.0.0.1", _ => { });
        await Check(200, "::1", _ => { });
        await Check(200, "::ffff:127.0.0.1", _ => { });
        await Check(200, "127.0.0.1", _ => { }, token: "");
    }

    [Fact]
    public async Task A_request_from_elsewhere_without_the_token_is_refused()
    {
        await Check(401, Elsewhere, _ => { });
        await Check(401, Elsewhere, request => request.Headers.Authorization = "Token wrong");
        await Check(401, Elsewhere, request => request.Headers.Authorization = "Token");
        await Check(401, Elsewhere, request => request.Headers.Authorization = "Digest s3cret");
        await Check(401, Elsewhere, request => request.Headers.Authorization = "Basic !!!");
        await Check(401, Elsewhere, request => request.QueryString = new QueryString("?token="));
        await Check(401, null, _ => { });
    }

    [Fact]
    public async Task The_token_is_taken_wherever_clients_put_it()
    {
        await Check(200, Elsewhere, request => request.Headers.Authorization = "Token s3cret");
        await Check(200, Elsewhere, request => request.Headers.Authorization = "bearer s3cret");
        await Check(200, Elsewhere, request => request.Headers.Authorization = Basic("anyone:s3cret"));
        await Check(200, Elsewhere, request => request.QueryString = new QueryString("?u=x&p=s3cret"));
        await Check(200, Elsewhere, request => request.Headers.Cookie = $"{TokenGuard.CookieName}=s3cret");
        await Check(200, Elsewhere, request => request.QueryString = new QueryString("?token=s3cret"));
    }

    [Fact]
    public async Task The_token_in_the_address_becomes_a_cookie_that_comes_back()
    {
        HttpContext visit = await Check(
            200, Elsewhere, request => request.QueryString = new QueryString("?token=a%2Bb"), token: "a+b");
        string cookie = visit.Response.Headers.SetCookie.ToString();
        Assert.StartsWith($"{TokenGuard.CookieName}=", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        string pair = cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
        await Check(200, Elsewhere, request => request.Headers.Cookie = pair, token: "a+b");
    }

    [Fact]
    public async Task Without_a_configured_token_nothing_from_elsewhere_is_a_token()
    {
        await Check(401, Elsewhere, request => request.Headers.Authorization = "Token ", token: "");
        await Check(401, Elsewhere, request => request.Headers.Authorization = Basic("u:"), token: "");
        await Check(401, Elsewhere, request => request.QueryString = new QueryString("?p="), token: "");
    }

    [Fact]
    public async Task No_path_is_open_to_elsewhere()
    {
        foreach (string path in (string[])["/", "/health", "/ping", "/metrics", "/limits", "/query", "/app.js"])
        {
            await Check(401, Elsewhere, request => request.Path = path);
            await Check(200, "127.0.0.1", request => request.Path = path);
            await Check(200, Elsewhere, request =>
            {
                request.Path = path;
                request.Headers.Authorization = $"Token {Token}";
            });
        }
    }

    [Fact]
    public async Task A_foreign_page_changes_nothing_even_on_this_machine()
    {
        await CheckOrigin(403, "POST", "http://evil.example");
        await CheckOrigin(403, "POST", "null");
        await CheckOrigin(403, "DELETE", "http://mine.local:9999");
        await CheckOrigin(200, "POST", "http://mine.local:8080");
        await CheckOrigin(200, "POST", "http://MINE.local:8080");
        await CheckOrigin(200, "GET", "http://evil.example");
        await CheckOrigin(200, "POST", null);
    }

    private static Task<HttpContext> CheckOrigin(int expected, string method, string? origin) =>
        Check(expected, "127.0.0.1", request =>
        {
            request.Method = method;
            request.Host = new HostString("mine.local", 8080);
            if (origin is not null)
            {
                request.Headers.Origin = origin;
            }
        });

    private static async Task<HttpContext> Check(
        int expected, string? address, Action<HttpRequest> prepare, string token = Token)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Request.Method = "GET";
        context.Request.Path = "/api/status";
        context.Response.Body = new MemoryStream();
        prepare(context.Request);
        bool passed = false;
        var guard = new TokenGuard(
            _ =>
            {
                passed = true;
                return Task.CompletedTask;
            },
            new AccessOptions { Token = token });
        await guard.InvokeAsync(context);
        Assert.Equal((expected, expected == 200), (context.Response.StatusCode, passed));
        return context;
    }

    private static string Basic(string pair) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";
}
