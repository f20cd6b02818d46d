namespace Telemetry.Payloads;

/// <summary>A decoder of a format whose senders number their messages, so that missing ones can be told.</summary>
public interface ISequencedDecoder
{
    /// <summary>Number of the message decoded last, counted up by one and wrapping; null when it had none.</summary>
    uint? Sequence { get; }
}
