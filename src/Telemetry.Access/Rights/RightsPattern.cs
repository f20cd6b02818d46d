using System.Text;
using Telemetry.Mqtt;

namespace Telemetry.Access;

/// <summary>
/// A topic filter in which <c>%u</c> stands for the identity's name and <c>%c</c> for the client identifier.
/// </summary>
internal static class RightsPattern
{
    private const string UserPlace = "%u";
    private const string ClientPlace = "%c";

    /// <summary>Whether a text is a pattern: a topic filter whose places each fill a level of their own.</summary>
    public static bool IsValid(string pattern) =>
        TopicFilter.IsValid(Encoding.UTF8.GetBytes(pattern))
        && pattern.Split('/').All(level => level is UserPlace or ClientPlace || !HasPlace(level));

    /// <summary>
    /// The topic filter for one client; null when the pattern gives it none, because its client identifier could stand
    /// for more than one level, or for the server's own topics.
    /// </summary>
    public static byte[]? Expand(string pattern, string identity, string clientIdentifier)
    {
        string[] levels = pattern.Split('/');
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i] == ClientPlace && !IsOneLevel(clientIdentifier))
            {
                return null;
            }

            levels[i] = levels[i] switch
            {
                UserPlace => identity,
                ClientPlace => clientIdentifier,
                _ => levels[i],
            };
        }

        return Encoding.UTF8.GetBytes(string.Join('/', levels));
    }

    private static bool HasPlace(string level) =>
        level.Contains(UserPlace, StringComparison.Ordinal) || level.Contains(ClientPlace, StringComparison.Ordinal);

    private static bool IsOneLevel(string text) =>
        text.Length > 0 && text[0] != '$' && !text.AsSpan().ContainsAny('/', '+', '#');
}
