using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Benchmarks.Inputs;
using Telemetry.Ingestion;
using Telemetry.Model;
using Telemetry.Mqtt;
using Telemetry.Spool;

namespace Telemetry.Benchmarks.Ingestion;

/// <summary>
/// The way of a committed message from the log's bytes into a batch, per message: record, route, gateway, clock,
/// decoder, names. Baseline: reading the records alone.
/// </summary>
[MemoryDiagnoser]
public class RecordDecoding : IDisposable
{
    private const int MessageCount = 20_000;
    private const int GatewayCount = 50;
    private readonly string _directory = Directory.CreateTempSubdirectory("telemetry-benchmark").FullName;
    private readonly PointBatch _batch = new();
    private Telemetry.Spool.Spool? _spool;
    private RecordDecoder? _decoder;

    /// <summary>How the messages are written.</summary>
    public enum Format
    {
        Line,
        Json,
    }

    [Params(Format.Line, Format.Json)]
    public Format Payload { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var options = new SpoolOptions { Directory = _directory };
        _spool = Telemetry.Spool.Spool.Open(
            options, new DiskFileSystem(), TimeProvider.System, NullLogger<Telemetry.Spool.Spool>.Instance);
        Fill(_spool);
        var route = new RouteDefinition { Name = "load", Filter = "plant/#", Decoder = "auto" };
        var site = new SiteCatalogue("pilot", [], [], [route], []);
        var context = new DecodingContext(site, new SeriesCatalogue(), new UnboundNames(), long.MaxValue / 2);
        _decoder = new RecordDecoder(context, new IngestionMetrics());
        if (Read_records() != MessageCount || Decode_records() != MessageCount)
        {
            throw new InvalidOperationException("cannot measure: a message was not decoded to one point");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _spool?.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = MessageCount)]
    public int Read_records()
    {
        using SpoolReader reader = _spool!.OpenReader(0);
        int count = 0;
        while (reader.TryRead(out _))
        {
            count++;
        }

        return count;
    }

    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Decode_records()
    {
        using SpoolReader reader = _spool!.OpenReader(0);
        int points = 0;
        while (_decoder!.TryFill(_batch, reader, long.MaxValue))
        {
            points += _batch.Points.Length;
        }

        return points;
    }

    private void Fill(Telemetry.Spool.Spool spool)
    {
        var text = new SensorText();
        for (int i = 0; i < MessageCount; i++)
        {
            byte[] client = Encoding.ASCII.GetBytes($"gateway-{i % GatewayCount:D2}");
            var publish = new PublishView
            {
                Topic = Encoding.ASCII.GetBytes($"plant/crushing/{i % GatewayCount}"),
                Payload = Payload == Format.Line ? text.Lines(1) : text.Json(),
                Qos = 1,
                PacketIdentifier = (ushort)(i % ushort.MaxValue + 1),
            };
            var record = new byte[SpoolRecord.Measure(MessageRecord.Measure(client.Length, publish))];
            MessageRecord.Write(record.AsSpan(SpoolRecord.HeaderBytes), client, publish);
            SpoolRecord.Seal(record, (byte)RecordKind.Publish, lane: 0, text.Time());
            while (spool.TryAppend(record, null, out _) != AppendOutcome.Appended)
            {
                spool.WaitForRoomAsync(CancellationToken.None).AsTask().Wait();
            }
        }

        spool.WaitForCommitAsync(spool.AppendedOffset - 1, CancellationToken.None).AsTask().Wait();
    }
}
