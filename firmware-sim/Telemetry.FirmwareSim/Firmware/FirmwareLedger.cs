using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Telemetry.FirmwareSim;

/// <summary>
/// What gateways really produced, as JSON lines: what befalls them, then each message as it leaves, is lost or is sent
/// once more. It is the truth against which ledger, corrected times and duplicates of a service are held. Lines of one
/// gateway are in its order; for several threads.
/// </summary>
public sealed class FirmwareLedger(TextWriter target) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new(512);

    /// <summary>Ends the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            target.Dispose();
        }
    }

    /// <summary>The word for what befalls a gateway.</summary>
    internal static string WordOf(FirmwareEventKind kind) => kind switch
    {
        FirmwareEventKind.Drift => "drift",
        FirmwareEventKind.Outage => "outage",
        FirmwareEventKind.Reset => "reset",
        FirmwareEventKind.ClockLost => "clock-lost",
        FirmwareEventKind.BrownOut => "brown-out",
        FirmwareEventKind.Update => "update",
        _ => throw new InvalidOperationException($"BUG: {kind} has no word"),
    };

    /// <summary>Something befalls a gateway; told before the run.</summary>
    internal void OnPlanned(FirmwareEvent happening) => Write(json =>
    {
        json.WriteString("event"u8, WordOf(happening.Kind));
        json.WriteString("id"u8, happening.Id);
        json.WriteString("gateway"u8, happening.Gateway);
        json.WriteString("start"u8, EpisodeLines.TextOf(happening.Start));
        json.WriteString("end"u8, EpisodeLines.TextOf(happening.End));
        switch (happening.Kind)
        {
            case FirmwareEventKind.Drift:
                json.WriteNumber("seconds_a_day"u8, happening.Size);
                break;
            case FirmwareEventKind.Reset:
                json.WriteBoolean("buffer_lost"u8, happening.IsBufferLost);
                break;
            case FirmwareEventKind.ClockLost:
                json.WriteString("begins"u8, EpisodeLines.TextOf(happening.ClockBegins));
                break;
            case FirmwareEventKind.Update:
                WriteUpdate(json, happening);
                break;
            default:
                break; // the span says it all
        }
    });

    /// <summary>A message leaves for the first time.</summary>
    internal void OnLeft(string gateway, in MessageOrigin origin) => OnMessage(gateway, origin, "");

    /// <summary>A message is lost in the gateway.</summary>
    internal void OnLost(string gateway, in MessageOrigin origin, string cause) => OnMessage(gateway, origin, cause);

    /// <summary>A message is sent once more, since its acknowledgement did not come.</summary>
    internal void OnRepeated(string gateway, long number) => Write(json =>
    {
        json.WriteString("gateway"u8, gateway);
        json.WriteNumber("message"u8, number);
        json.WriteBoolean("repeated"u8, true);
    });

    private void OnMessage(string gateway, MessageOrigin origin, string lost) => Write(json =>
    {
        json.WriteString("gateway"u8, gateway);
        json.WriteNumber("message"u8, origin.Number);
        json.WriteNumber("resets"u8, origin.ResetCount);
        json.WriteString("time"u8, EpisodeLines.TextOf(origin.Time));
        json.WriteString("told"u8, EpisodeLines.TextOf(origin.TimeTold));
        json.WriteNumber("samples"u8, origin.SampleCount);
        if (origin.StuckCount > 0 || origin.MissingCount > 0)
        {
            json.WriteNumber("stuck"u8, origin.StuckCount);
            json.WriteNumber("missing"u8, origin.MissingCount);
        }

        if (lost.Length > 0)
        {
            json.WriteString("lost"u8, lost);
        }
    });

    private static void WriteUpdate(Utf8JsonWriter json, FirmwareEvent update)
    {
        json.WriteString("version"u8, update.Version);
        json.WriteString("signal"u8, update.Signal);
        if (update.Name.Length > 0)
        {
            json.WriteString("name"u8, update.Name);
            return;
        }

        json.WriteNumber("scale"u8, update.Scale);
        json.WriteNumber("offset"u8, update.Offset);
        json.WriteString("unit"u8, update.Unit);
    }

    private void Write(Action<Utf8JsonWriter> members)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, Options))
            {
                json.WriteStartObject();
                members(json);
                json.WriteEndObject();
            }

            target.Write(Encoding.UTF8.GetString(_line.WrittenSpan));
            target.Write('\n');
        }
    }
}
