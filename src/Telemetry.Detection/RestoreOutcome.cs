namespace Telemetry.Detection;

/// <summary>
/// What became of a saved state. After anything but the first two the set is empty, as if it were new.
/// </summary>
public enum RestoreOutcome : byte
{
    /// <summary>Every field's state is back.</summary>
    Restored = 0,

    /// <summary>The catalogue refused some fields (type conflict, ceiling); their state is left out.</summary>
    RestoredInPart = 1,

    /// <summary>The bytes are not a saved state, or it was cut or damaged.</summary>
    Malformed = 2,

    /// <summary>A version that this program does not read.</summary>
    UnknownVersion = 3,
}
