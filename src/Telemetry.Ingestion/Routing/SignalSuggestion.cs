using System.Text;
using Telemetry.Model;
using Telemetry.Site.Reading;

namespace Telemetry.Ingestion;

/// <summary>
/// Finds the signal that an unbound name was probably meant to be: one that differs in letter case, in separators or in
/// Cyrillic letters that look like Latin ones, else a near miss. It is for people: nothing is bound by it.
/// </summary>
public sealed class SignalSuggestion
{
    private const int SignalsSearchedMax = 10_000; // a near miss is looked for in each of them
    private const int NameCharactersMax = 200; // a near miss takes the product of both lengths
    private const string Cyrillic = "авекмнорстухіѕјҮүһ";
    private const string Latin = "abekmhopctyxisjyyh";
    private readonly SiteCatalogue _site;
    private readonly ILookup<string, string> _byFoldedId;
    private readonly ILookup<string, string> _assetsByFold;
    private readonly ILookup<string, SignalInstance> _byAsset;

    /// <param name="site">Has the signals.</param>
    public SignalSuggestion(SiteCatalogue site)
    {
        ArgumentNullException.ThrowIfNull(site);
        _site = site;
        _byFoldedId = site.Signals.ToLookup(signal => Fold(signal.Id), signal => signal.Id);
        _byAsset = site.Signals.ToLookup(signal => signal.Asset.Id);
        _assetsByFold = site.Signals.Select(signal => signal.Asset.Id).Distinct().ToLookup(Fold);
    }

    /// <summary>The signal's name, such as <c>CR-201.motor_current</c>; null when none is near.</summary>
    public string? For(UnboundName name)
    {
        if (name.Series.Length + name.Field.Length > NameCharactersMax)
        {
            return null;
        }

        IReadOnlyList<Tag> tags = SeriesKey.Parse(Encoding.UTF8.GetBytes(name.Series), out _);
        string? asset = tags.FirstOrDefault(tag => tag.Key == "asset").Value;
        return Only(_byFoldedId[Fold(asset + name.Field)])
            ?? (asset is null ? NearestOfAll(name.Field) : NearestOf(asset, name.Field));
    }

    private string? NearestOf(string asset, string field)
    {
        string? known = Only(_assetsByFold[Fold(asset)])
            ?? Suggestion.Nearest(asset, _assetsByFold.SelectMany(ids => ids).Take(SignalsSearchedMax));
        if (known is null)
        {
            return null;
        }

        string folded = Fold(field);
        string[] keys = [.. _byAsset[known].Select(signal => signal.Definition.Key)];
        string? key = Only(keys.Where(key => Fold(key) == folded)) ?? Suggestion.Nearest(field, keys);
        return key is null ? null : $"{known}.{key}";
    }

    private string? NearestOfAll(string field) => _site.Signals.Count > SignalsSearchedMax
        ? null
        : Suggestion.Nearest(field, _site.Signals.Select(signal => signal.Id));

    private static string? Only(IEnumerable<string> found)
    {
        string[] two = [.. found.Take(2)];
        return two.Length == 1 ? two[0] : null;
    }

    /// <summary>Lower-case letters and digits alone, Cyrillic ones as the Latin ones they look like.</summary>
    private static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (char c in VisibleName.Of(name).ToLowerInvariant())
        {
            int lookalike = Cyrillic.IndexOf(c, StringComparison.Ordinal);
            if (char.IsLetterOrDigit(c))
            {
                folded.Append(lookalike >= 0 ? Latin[lookalike] : c);
            }
        }

        return folded.ToString();
    }
}
