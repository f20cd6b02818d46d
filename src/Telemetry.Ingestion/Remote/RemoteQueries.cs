using System.Net;
using Telemetry.Influx;

namespace Telemetry.Ingestion;

/// <summary>
/// Passes queries on to the InfluxDB that the service writes to, under its credentials: only such as read, a few at
/// once, and with a ceiling on the bytes of an answer.
/// </summary>
public sealed class RemoteQueries : IDisposable
{
    private readonly InfluxOptions _options;
    private readonly InfluxConnection _connection;
    private readonly SemaphoreSlim _places = new(IngestionLimits.RemoteQueriesMax);

    internal RemoteQueries(InfluxOptions options, HttpMessageHandler? transport = null)
    {
        _options = options;
        _connection = new InfluxConnection(options, transport);
    }

    /// <summary>Asks, and returns once the head of the answer is there.</summary>
    /// <param name="statements">InfluxQL.</param>
    /// <param name="database">The database; empty for the one that is written to.</param>
    /// <param name="parameters">What else is passed on: <c>rp</c>, <c>epoch</c>, <c>chunked</c> …</param>
    /// <param name="accept">What the asker accepts; empty for anything.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RemoteAnswer> AskAsync(
        string statements,
        string database,
        IEnumerable<KeyValuePair<string, string>> parameters,
        string accept,
        CancellationToken cancellationToken)
    {
        string? fault = _options.Api == InfluxApi.VictoriaMetrics
            ? "VictoriaMetrics knows no InfluxQL"
            : ReadOnlyStatements.FaultOf(statements);
        if (fault is not null)
        {
            return RemoteAnswer.Refused(HttpStatusCode.BadRequest, $"cannot pass query on to InfluxDB: {fault}");
        }

        if (!await _places.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return RemoteAnswer.Refused(
                HttpStatusCode.ServiceUnavailable,
                $"cannot pass query on to InfluxDB: {IngestionLimits.RemoteQueriesMax} are under way; ask again later");
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _connection.AddressOf("/query"));
            request.Content = new FormUrlEncodedContent(
            [
                new("q", statements),
                new("db", database.Length > 0 ? database : _options.Bucket),
                .. parameters,
            ]);
            if (accept.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            HttpResponseMessage answer = await _connection.SendAsync(request, cancellationToken);
            return new RemoteAnswer(answer, () => _places.Release());
        }
        catch (HttpRequestException cause)
        {
            _places.Release();
            return RemoteAnswer.Refused(
                HttpStatusCode.BadGateway, $"cannot ask InfluxDB {_options.Url}: {cause.Message}");
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _places.Dispose();
    }
}
