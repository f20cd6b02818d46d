using System.Text;
using Telemetry.Model;
using Telemetry.Site;

namespace Telemetry.FirmwareSim.Tests.Firmware;

/// <summary>A message as it left a gateway.</summary>
internal sealed record LeftMessage(MessageOrigin Origin, string Topic, string Body, bool LosesAcknowledgement);

/// <summary>A run of one gateway's firmware without a socket.</summary>
internal sealed record FirmwareRun(
    IReadOnlyList<LeftMessage> Messages, IReadOnlyList<FirmwareEvent> Events, FirmwareCounts Counts, string[] Ledger)
{
    /// <summary>Numbers of the messages in the order in which they left.</summary>
    public IEnumerable<long> Numbers => Messages.Select(message => message.Origin.Number);

    public IEnumerable<FirmwareEvent> Of(FirmwareEventKind kind) => Events.Where(one => one.Kind == kind);
}

/// <summary>Runs firmware and keeps all that leaves.</summary>
internal static class FirmwareRuns
{
    public const string Gateway = "GW-TAIL";

    public static FirmwareRun Play(
        ScenarioFirmware? firmware,
        double hours,
        string gateway = Gateway,
        double stepSeconds = 60,
        ulong seed = 1,
        FaultBoard? faults = null)
    {
        var options = new SimulatorOptions { Firmware = firmware, Seed = seed };
        options.Require(Runs.Site);
        GatewayPayloads payloads = Runs.Open(gateway, Runs.Winter, options, faults);
        var text = new StringWriter();
        using var ledger = new FirmwareLedger(text);
        var outbox = new GatewayOutbox(gateway, payloads, ledger);
        var messages = new List<LeftMessage>();
        for (double asked = stepSeconds; asked <= hours * 3_600; asked += stepSeconds)
        {
            while (outbox.TryNext(Timestamp.From(Runs.Winter.AddSeconds(asked)), out GatewayPayload payload))
            {
                messages.Add(new LeftMessage(
                    payload.Origin,
                    Encoding.UTF8.GetString(payload.Topic),
                    Encoding.Latin1.GetString(payload.Body),
                    payload.LosesAcknowledgement));
            }
        }

        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new FirmwareRun(messages, payloads.Firmware?.Events ?? [], outbox.Counts, lines);
    }
}
