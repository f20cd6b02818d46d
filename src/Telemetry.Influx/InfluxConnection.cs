using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Telemetry.Influx;

/// <summary>The way to the server: its addresses, what it is shown of credentials, and whom it must be.</summary>
public sealed class InfluxConnection : IDisposable
{
    /// <summary>Bytes of an answer to a write; InfluxDB 1.x repeats in it each line that it cannot parse.</summary>
    public const int AnswerBytesMax = 64 * 1024 * 1024;
    private readonly InfluxOptions _options;

    /// <param name="options">Where and how.</param>
    /// <param name="transport">The transport; null for the network.</param>
    /// <exception cref="CryptographicException">The file of authorities holds no certificate.</exception>
    public InfluxConnection(InfluxOptions options, HttpMessageHandler? transport = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        WriteAddress = AddressOf(WritePathOf(options));
        Client = new HttpClient(transport ?? HandlerOf(options), disposeHandler: transport is null)
        {
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        Client.DefaultRequestHeaders.Authorization = AuthorizationOf(options);
        foreach (string header in options.Headers)
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            Client.DefaultRequestHeaders.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }
    }

    /// <summary>Where lines are posted to.</summary>
    public Uri WriteAddress { get; }

    internal HttpClient Client { get; }

    /// <summary>The address of a path with its query.</summary>
    public Uri AddressOf(string path) => new(_options.Url.TrimEnd('/') + path);

    /// <summary>Sends a request; returns when the head of the answer is there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    /// <summary>
    /// The network. An answer that sends elsewhere is not followed: a write would arrive there as a read, and be
    /// answered as if it had been taken.
    /// </summary>
    public static SocketsHttpHandler HandlerOf(InfluxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (options.CaFile.Length == 0)
        {
            return handler;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // a mine may have no way to the list
        };
        policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
        handler.SslOptions.CertificateChainPolicy = policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CryptographicException($"'{options.CaFile}' holds no certificate");
        return handler;
    }

    private static string WritePathOf(InfluxOptions options)
    {
        string bucket = Uri.EscapeDataString(options.Bucket);
        string policy = Uri.EscapeDataString(options.RetentionPolicy);
        string precision = options.Precision.ToString().ToLowerInvariant();
        return options.Api switch
        {
            InfluxApi.V1 => $"/write?db={bucket}{(policy.Length > 0 ? "&rp=" + policy : "")}"
                + $"&precision={(precision == "us" ? "u" : precision)}",
            InfluxApi.V3 => $"/api/v3/write_lp?db={bucket}&precision={WordOf(options.Precision)}",
            _ => $"/api/v2/write?bucket={bucket}&org={Uri.EscapeDataString(options.Org)}&precision={precision}",
        };
    }

    private static string WordOf(InfluxPrecision precision) => precision switch
    {
        InfluxPrecision.Us => "microsecond",
        InfluxPrecision.Ms => "millisecond",
        InfluxPrecision.S => "second",
        _ => "nanosecond",
    };

    private static AuthenticationHeaderValue? AuthorizationOf(InfluxOptions options)
    {
        if (options.Token.Length > 0)
        {
            bool isBearer = options.Api is InfluxApi.V3 or InfluxApi.VictoriaMetrics;
            return new AuthenticationHeaderValue(isBearer ? "Bearer" : "Token", options.Token);
        }

        byte[] pair = Encoding.UTF8.GetBytes($"{options.User}:{options.Password}");
        return options.User.Length > 0
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair))
            : null;
    }
}
