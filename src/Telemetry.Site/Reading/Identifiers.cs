namespace Telemetry.Site.Reading;

/// <summary>
/// What may name things. Names become tags, field names, alarm identities and topic levels, so they keep to letters,
/// digits, <c>-</c> and <c>_</c>; client identifiers of gateways may also have <c>.</c> and <c>:</c>.
/// </summary>
internal static class Identifiers
{
    public static bool Check(string text, Node? node, string path, FaultList faults, string alsoAllowed = "")
    {
        if (node is null || text.Length == 0)
        {
            return false;
        }

        if (text.Length > SiteLimits.IdentifierCharactersMax)
        {
            string found = $"expected at most {SiteLimits.IdentifierCharactersMax} characters, found {text.Length}";
            faults.Add(node, path, $"cannot use the name: {found}; shorten it");
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_') && !alsoAllowed.Contains(c))
            {
                faults.Add(
                    node, path,
                    $"cannot use name \"{text}\": it has '{c}'; write letters, digits, \"-\" and \"_\" only");
                return false;
            }
        }

        return true;
    }
}
