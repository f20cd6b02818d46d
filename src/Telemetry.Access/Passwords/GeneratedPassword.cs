using System.Security.Cryptography;

namespace Telemetry.Access;

/// <summary>Passwords that nobody has to remember and that survive every shell and configuration file.</summary>
public static class GeneratedPassword
{
    private const int Characters = 33; // 5.95 bits each: 196 bits
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new password of letters and digits with 192 random bits at least.</summary>
    public static string Next() => RandomNumberGenerator.GetString(Alphabet, Characters);
}
