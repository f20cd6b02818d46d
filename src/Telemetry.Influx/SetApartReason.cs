namespace Telemetry.Influx;

/// <summary>Why a server does not have points that the embedded store has.</summary>
public enum SetApartReason
{
    /// <summary>They are older than the server keeps.</summary>
    BeyondRetention,

    /// <summary>The server refused them one by one.</summary>
    Refused,

    /// <summary>The server has a field of that name with another type.</summary>
    TypeConflict,

    /// <summary>A name is one that servers choke on, lose or refuse.</summary>
    Name,

    /// <summary>A value is one that the server has no way to write.</summary>
    Value,

    /// <summary>The time is outside of what the server can hold.</summary>
    Time,
}

/// <summary>Told of points that are not sent.</summary>
public interface IWithheldListener
{
    /// <summary>A point is not sent.</summary>
    /// <param name="series">Canonical key of its series.</param>
    /// <param name="time">Its time, nanoseconds since 1970.</param>
    /// <param name="reason">Why.</param>
    /// <param name="words">What a person should know of it.</param>
    void OnWithheld(ReadOnlySpan<byte> series, long time, SetApartReason reason, string words);
}
