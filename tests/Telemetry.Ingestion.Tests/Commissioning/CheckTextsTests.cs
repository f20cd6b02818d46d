using System.Text.RegularExpressions;

namespace Telemetry.Ingestion.Tests;

public sealed class CheckTextsTests
{
    [Fact]
    public void Every_text_is_there_in_every_language_with_the_same_places()
    {
        Assert.NotEmpty(CheckTexts.All);
        foreach ((string key, IReadOnlyDictionary<string, string> texts) in CheckTexts.All)
        {
            foreach (string mark in texts.Keys.Any(language => language.EndsWith('!')) ? new[] { "", "!" } : [""])
            {
                string[] found = [.. CheckTexts.Languages.Select(language => texts[language + mark])];
                Assert.All(found, text => Assert.True(
                    PlacesOf(text) == PlacesOf(found[0]), $"[{key}]{mark}: {text}"));
                Assert.True(found.Distinct().Count() > 1 || key == "radio-good", $"[{key}]{mark} is not translated");
            }

            Assert.True(texts.Count is 3 or 6, $"[{key}] has {texts.Count} texts");
        }
    }

    [Fact]
    public void Every_reason_of_a_refused_login_and_every_check_and_state_has_words()
    {
        string[] reasons =
        [
            "name_missing", "unknown_name", "wrong_password", "unknown_certificate", "name_mismatch", "revoked",
            "too_many_attempts", "busy",
        ];
        string[] keys =
        [
            .. reasons.Select(reason => $"refused-{reason}"),
            .. Enum.GetNames<CheckKind>().Select(kind => $"check-{kind.ToLowerInvariant()}"),
            .. Enum.GetNames<CheckState>().Select(state => $"state-{state.ToLowerInvariant()}"),
        ];
        Assert.Empty(keys.Except(CheckTexts.All.Keys));
        Assert.All(
            reasons, reason => Assert.NotEmpty(CheckTexts.Remedy("en", $"refused-{reason}", "a", "b", "c", "d")));
    }

    private static string PlacesOf(string text) =>
        string.Concat(Regex.Matches(text, @"\{\d\}").Select(match => match.Value).Distinct().Order());
}
