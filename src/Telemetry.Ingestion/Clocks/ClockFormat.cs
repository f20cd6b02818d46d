using Telemetry.Buffers;

namespace Telemetry.Ingestion;

/// <summary>A clock's memory as bytes; drawn in docs/formats/decoding-state.md.</summary>
internal static class ClockFormat
{
    public static void Write(StateWriter writer, GatewayClock clock)
    {
        ref readonly ClockMemory memory = ref clock.Memory;
        Write(writer, memory.Main);
        Write(writer, memory.High);
        Write(writer, memory.Low);
        Write(writer, memory.Reset);
        writer.Int64(memory.ResetNewest);
        writer.Int64(memory.ResetAge);
        writer.Int64(memory.LastArrival);
        writer.Int64(memory.LastKnot);
        writer.Int64(memory.LastUncertainty);
        writer.Int64(memory.Since);
        writer.Int64(memory.Applied);
        writer.Int64(memory.WrongSince);
        writer.Int32(memory.OnLevel);
        writer.Int32(memory.Run);
        writer.Flag(memory.IsProven);
        writer.Flag(memory.IsCorrecting);
        writer.Byte((byte)memory.State);
        writer.Byte((byte)clock.Knots.Count);
        for (int i = 0; i < clock.Knots.Count; i++)
        {
            writer.Int64(clock.Knots[i].Event);
            writer.Int64(clock.Knots[i].Offset);
            writer.Int32(clock.Knots[i].Run);
        }
    }

    public static bool TryRead(ref StateReader reader, GatewayClock clock)
    {
        ref ClockMemory memory = ref clock.Memory;
        memory = new ClockMemory
        {
            Main = ReadEnvelope(ref reader),
            High = ReadEnvelope(ref reader),
            Low = ReadEnvelope(ref reader),
            Reset = ReadEnvelope(ref reader),
            ResetNewest = reader.Int64(),
            ResetAge = reader.Int64(),
            LastArrival = reader.Int64(),
            LastKnot = reader.Int64(),
            LastUncertainty = reader.Int64(),
            Since = reader.Int64(),
            Applied = reader.Int64(),
            WrongSince = reader.Int64(),
            OnLevel = reader.Int32(),
            Run = reader.Int32(),
            IsProven = reader.Flag(),
            IsCorrecting = reader.Flag(),
            State = (ClockState)reader.Byte(),
        };
        int knots = reader.Byte();
        for (int i = 0; i < knots && !reader.IsFailed; i++)
        {
            clock.Knots.Add(new ClockKnot(reader.Int64(), reader.Int64(), reader.Int32()));
        }

        return !reader.IsFailed && memory.State <= ClockState.Reset;
    }

    private static void Write(StateWriter writer, in DelayEnvelope envelope)
    {
        writer.Int64(envelope.Level);
        writer.Int64(envelope.At);
        writer.Int64(envelope.Anchor);
        writer.Int64(envelope.StartedAt);
        writer.Int64(envelope.TouchedAt);
        writer.Int32(envelope.Touches);
    }

    private static DelayEnvelope ReadEnvelope(ref StateReader reader) => new()
    {
        Level = reader.Int64(),
        At = reader.Int64(),
        Anchor = reader.Int64(),
        StartedAt = reader.Int64(),
        TouchedAt = reader.Int64(),
        Touches = reader.Int32(),
    };
}
