using System.CommandLine;
using System.Net.Http.Headers;

namespace Telemetry.Service;

/// <summary>How commands find a running service.</summary>
internal sealed class ServiceAddress
{
    private readonly Option<string> _url = new("--url")
    {
        Description = "Address of the service",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };

    private readonly Option<string> _token = new("--token")
    {
        Description = "Token, when the service is on another machine",
        DefaultValueFactory = _ => "",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_token);
    }

    public HttpClient Connect(ParseResult arguments)
    {
        var client = new HttpClient { BaseAddress = new Uri(arguments.GetValue(_url)!) };
        if (arguments.GetValue(_token) is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", token);
        }

        return client;
    }
}
