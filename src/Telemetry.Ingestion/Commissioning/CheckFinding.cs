namespace Telemetry.Ingestion;

/// <summary>How a part of the commissioning check came out; the worst of all counts, unknown apart.</summary>
public enum CheckState
{
    /// <summary>As it should be.</summary>
    Green,

    /// <summary>Nothing came that it could be judged by.</summary>
    Unknown,

    /// <summary>It works, and is not as it should be.</summary>
    Yellow,

    /// <summary>It does not work.</summary>
    Red,
}

/// <summary>What is checked, in the order in which a message takes its way.</summary>
public enum CheckKind
{
    /// <summary>Identity and logins.</summary>
    Credentials,

    /// <summary>Connected, and heard.</summary>
    Connection,

    /// <summary>Topics and routes.</summary>
    Topic,

    /// <summary>Decoders and quarantine.</summary>
    Decoding,

    /// <summary>Names against the catalogue.</summary>
    Names,

    /// <summary>Units, plausible ranges and quality.</summary>
    Units,

    /// <summary>Clock and lateness.</summary>
    Clock,

    /// <summary>Silence and gaps.</summary>
    Gaps,

    /// <summary>Samples against the expected period.</summary>
    Rate,

    /// <summary>Duplicate, missing and dropped messages.</summary>
    Ledger,

    /// <summary>Signal strength.</summary>
    Radio,
}

/// <summary>One thing that the check found.</summary>
/// <param name="Kind">Which check found it.</param>
/// <param name="State">How it came out.</param>
/// <param name="Key">Of its words in <see cref="CheckTexts"/>.</param>
/// <param name="Values">What stands in the places of the words.</param>
public sealed record CheckFinding(CheckKind Kind, CheckState State, string Key, params string[] Values);
