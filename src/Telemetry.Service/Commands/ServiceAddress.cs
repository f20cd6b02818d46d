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

    /// <summary>A client of the service; prints the fault and gives null when the address is none.</summary>
    public HttpClient? Connect(ParseResult arguments)
    {
        string url = arguments.GetValue(_url)!;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            Console.Error.WriteLine($"cannot use --url '{url}': expected an address such as http://127.0.0.1:8080");
            return null;
        }

        var client = new HttpClient { BaseAddress = address };
        if (arguments.GetValue(_token) is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", token);
        }

        return client;
    }
}
