using Microsoft.AspNetCore.Http;
using Telemetry.Ingestion;
using Telemetry.Store.InfluxQl;

namespace Telemetry.Api;

/// <summary>
/// <c>/query?source=influx</c>: the question goes to the InfluxDB that the service writes to, and its answer comes back
/// as it is, within our ceilings of time and bytes.
/// </summary>
/// <param name="pipeline">Has the way to it.</param>
/// <param name="names">Our own names of databases, which stand for the one that is written to there.</param>
/// <param name="duration">How long it may take.</param>
internal sealed class RemoteQuery(IngestPipeline pipeline, DatabaseNames names, TimeSpan duration)
{
    /// <summary>The value of <c>source</c> that asks for it.</summary>
    public const string Source = "influx";
    private static readonly string[] PassedOn = ["rp", "epoch", "chunked", "chunk_size", "pretty", "params"];

    /// <summary>Asks and answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="parameter">Its parameters by name.</param>
    /// <param name="refuseAsync">Answers with a status and an error.</param>
    public async Task AnswerAsync(
        HttpContext context, Func<string, string> parameter, Func<int, string, Task> refuseAsync)
    {
        if (pipeline.Influx is not { } sink)
        {
            await refuseAsync(
                StatusCodes.Status400BadRequest, "cannot ask InfluxDB: there is none, Influx:Url is empty");
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(duration);
        string database = parameter("db");
        try
        {
            using RemoteAnswer answer = await sink.Queries.AskAsync(
                parameter("q"),
                names.Contains(database) ? "" : database,
                PassedOn.Select(name => KeyValuePair.Create(name, parameter(name))).Where(pair => pair.Value != ""),
                context.Request.Headers.Accept.ToString(),
                patience.Token);
            if (answer.Fault is { } fault)
            {
                await refuseAsync((int)answer.Status, fault);
                return;
            }

            context.Response.StatusCode = (int)answer.Status;
            context.Response.ContentType = answer.ContentType;
            if (!await answer.CopyToAsync(context.Response.Body, patience.Token))
            {
                context.Abort(); // a whole answer is not to be mistaken for a cut one
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await refuseAsync(
                StatusCodes.Status504GatewayTimeout,
                $"cannot ask InfluxDB: no whole answer within {duration.TotalSeconds} s; ask for less at once");
        }
    }
}
