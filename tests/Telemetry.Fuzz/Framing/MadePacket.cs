namespace Telemetry.Fuzz;

/// <summary>What is known of a packet that was made.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="IsFaulty">It breaks a rule.</param>
/// <param name="IsFirstByteFaulty">Its first byte does.</param>
/// <param name="IsCanonical">It stands in its shortest form.</param>
internal readonly record struct MadePacket(int Bytes, bool IsFaulty, bool IsFirstByteFaulty, bool IsCanonical);
