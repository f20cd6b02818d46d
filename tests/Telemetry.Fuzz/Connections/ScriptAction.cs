namespace Telemetry.Fuzz;

/// <summary>What a step of a script does.</summary>
internal enum ScriptAction
{
    /// <summary>Sends bytes, all at once.</summary>
    Send,

    /// <summary>Sends bytes in some pieces.</summary>
    SendInPieces,

    /// <summary>Gives the server the chance to answer.</summary>
    Wait,

    /// <summary>Acknowledges, as a client has to, all that has come.</summary>
    Acknowledge,

    /// <summary>Reads no more until the script is over.</summary>
    StopReading,

    /// <summary>Closes the sending side.</summary>
    Close,

    /// <summary>Resets the connection.</summary>
    Reset,
}
