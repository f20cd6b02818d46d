using System.Globalization;
using Telemetry.Model;
using Telemetry.Payloads;

namespace Telemetry.Ingestion;

/// <summary>
/// The Sparkplug decoder of a route: names and types by the births of the message's device, whose last values it keeps.
/// </summary>
internal sealed class SparkplugRouteDecoder : IRouteDecoder
{
    private readonly SparkplugDecoder _decoder = new();
    private SparkplugStep _step;
    private long _arrivalTime;
    private bool _isAgain;

    /// <summary>True when the last message had a metric whose name or type only a birth says.</summary>
    public bool LacksBirth => _decoder.LacksBirth;

    /// <summary>Says what the next message is.</summary>
    public void Begin(in SparkplugStep step, long arrivalTime) =>
        (_step, _arrivalTime, _isAgain) = (step, arrivalTime, false);

    /// <summary>Says by which births a message is read once more; its values are no news to them.</summary>
    public void BeginAgain(in SparkplugStep step) => (_step, _isAgain) = (step, true);

    public DecodeStatus Decode(
        ReadOnlySpan<byte> payload, scoped in DecodeContext context, PointBatchWriter writer, out PayloadFault fault)
    {
        _decoder.Births = _step.Births;
        var points = new NotedPoints(writer, _isAgain ? null : _step.Births, _arrivalTime);
        return _decoder.Decode(payload, context, ref points, out fault);
    }

    /// <summary>Why a birth is lacking, for those who read the quarantine.</summary>
    public string WhatIsLacking(in PayloadFault fault)
    {
        string metric = fault.Reason == FaultReason.UnknownAlias
            ? string.Create(CultureInfo.InvariantCulture, $"alias {fault.Alias} is unknown: ")
            : "";
        string cause = _step switch
        {
            { Node: null } => "its birth has not been seen",
            { Sequence: >= 0, Node: { GapSince: > 0 } node } => string.Create(
                CultureInfo.InvariantCulture,
                $"number {node.Missing} is missing, {_step.Sequence} came; it is held until that or a birth comes"),
            { Node.IsLost: true } => "messages before it were lost; it is held until the births come again",
            { IsSure: true, Device: { IsBorn: true } } => "it is not in the birth; it is held until another one comes",
            _ => "its birth has not been seen; it is held until it comes",
        };
        return metric + cause;
    }

    private readonly struct NotedPoints(PointBatchWriter writer, BirthTable? births, long arrivalTime) : IPointHandler
    {
        public void OnPoint(scoped in PointView point)
        {
            writer.OnPoint(point);
            if (births is null || (point.Flags & PointFlags.Late) != 0)
            {
                return;
            }

            long time = point.HasTime ? point.Time : arrivalTime;
            foreach (ref readonly FieldSlot slot in point.Fields)
            {
                if (slot.Type != FieldType.String && slot.Written == WrittenAs.Itself)
                {
                    births.Note(point.Text.Slice(slot.KeyStart, slot.KeyBytes), slot.Type, slot.Bits, time);
                }
            }
        }
    }
}
