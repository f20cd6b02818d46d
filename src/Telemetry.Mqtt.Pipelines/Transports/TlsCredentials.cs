using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

/// <summary>
/// What one TLS listener shows and asks for. Its files are looked at every ten seconds and read again when one has
/// changed; files that do not fit together, as in the middle of a renewal, are told of and tried again, and the old
/// ones stay in force.
/// </summary>
public sealed class TlsCredentials : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2"; // RFC 5280 §4.2.1.12
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly TlsFiles _files;
    private readonly ILogger<TlsCredentials> _log;
    private readonly ITimer _timer;
    private string _seen; // the files in force
    private string _told = ""; // the files last complained about
    private SslServerAuthenticationOptions _current;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidDataException">They cannot be read or do not fit together.</exception>
    public TlsCredentials(TlsFiles files, TimeProvider time, ILogger<TlsCredentials> log)
    {
        _files = files;
        _log = log;
        _seen = Stamp();
        _current = Load();
        _timer = time.CreateTimer(_ => Look(), state: null, Interval, Interval);
    }

    /// <summary>The terms of the next handshake.</summary>
    public SslServerAuthenticationOptions Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        string stamp = Stamp();
        if (stamp == _seen)
        {
            return;
        }

        try
        {
            // The old certificate is not disposed of: handshakes may be using it.
            Volatile.Write(ref _current, Load());
            _seen = stamp;
            _log.CertificateRead(_files.CertificateFile);
        }
        catch (InvalidDataException cause)
        {
            if (_told != stamp)
            {
                _log.CertificateRefused(cause.Message);
            }

            _told = stamp;
        }
    }

    private string Stamp() => string.Join('|', new[] { _files.CertificateFile, _files.KeyFile, _files.ClientCaFile }
        .Where(path => path.Length > 0)
        .Select(path => new FileInfo(path))
        .Select(file => $"{file.LastWriteTimeUtc.Ticks} {(file.Exists ? file.Length : -1)}"));

    private SslServerAuthenticationOptions Load()
    {
        try
        {
            return ReadFiles();
        }
        catch (Exception cause) when (cause is CryptographicException or IOException or UnauthorizedAccessException
            or ArgumentException)
        {
            throw new InvalidDataException(
                $"cannot use certificate '{_files.CertificateFile}' with key '{_files.KeyFile}': {cause.Message}",
                cause);
        }
    }

    private SslServerAuthenticationOptions ReadFiles()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_files.CertificateFile);
        var certificate = X509Certificate2.CreateFromPemFile(_files.CertificateFile, _files.KeyFile);
        var options = new SslServerAuthenticationOptions
        {
            // One context for all handshakes: sessions can be resumed, and the chain is built once.
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
#pragma warning disable CA5398 // naming the versions is the point: whatever the system allows, older ones are refused
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398 // as above
            ApplicationProtocols = [], // a client may name what it likes; this listener speaks one protocol
        };
        if (_files.ClientCaFile.Length > 0)
        {
            AskForCertificate(options);
        }

        return options;
    }

    private void AskForCertificate(SslServerAuthenticationOptions options)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // there is no internet; identities are revoked instead
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPemFile(_files.ClientCaFile);
        if (policy.CustomTrustStore.Count == 0)
        {
            throw new CryptographicException($"no certificate in '{_files.ClientCaFile}'");
        }

        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        options.CertificateChainPolicy = policy;
        options.ClientCertificateRequired = true; // asks for one; the callback decides what its absence means
        options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate is null ? !_files.RequireClientCertificate : errors == SslPolicyErrors.None;
    }
}
