using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Telemetry.Testing;

namespace Telemetry.Service.Tests.Options;

/// <summary>Settings and docs/operations/configuration.md have the same keys, defaults and bounds.</summary>
public sealed partial class SettingDocumentTests
{
    private const string Document = "docs/operations/configuration.md";

    /// <summary>The sections of the document whose tables hold keys.</summary>
    private static readonly string[] Sections =
    [
        "Top level", "Mqtt", "Mqtt:Listeners", "Mqtt:Brokers", "Http", "Spool", "Store", "Store:Retentions",
        "Detection", "Sparkplug", "Influx",
    ];

    [Fact]
    public void Every_setting_is_documented_and_every_documented_key_exists()
    {
        Assert.Equal(Settings().Keys.Order(), Documented().Select(pair => pair.Key).Order());
    }

    [Fact]
    public void Defaults_are_those_of_the_code()
    {
        Dictionary<string, object?> settings = Settings();

        Assert.All(Documented(), pair =>
        {
            string found = pair.Row.Columns[1];
            bool isRequired = found.Length == 0 && settings[pair.Key] is "" or -1 or string[] { Length: 0 };
            string expected = isRequired ? "" : TextOf(settings[pair.Key]);
            Assert.Equal((pair.Row.Place, expected), (pair.Row.Place, found));
        });
    }

    [Fact]
    public void Bounds_are_those_of_the_check()
    {
        int count = 0;
        foreach ((string key, DocumentRow row) in Documented().Where(pair => !pair.Key.Contains("s:", Exactly)))
        {
            Match bounds = BoundsPattern().Match(row.Columns[2]);
            if (bounds.Success)
            {
                count++;
                decimal least = NumberOf(bounds.Groups[1].Value);
                decimal most = NumberOf(bounds.Groups[2].Value);
                Assert.Equal((key, false), (key, IsFault(key, least)));
                Assert.Equal((key, false), (key, IsFault(key, most)));
                Assert.Equal((key, true), (key, IsFault(key, least - 0.01m) && IsFault(key, least - 1)));
                Assert.Equal((key, true), (key, IsFault(key, most + 1)));
            }
        }

        Assert.True(count > 10, "hardly any row has bounds");
    }

    private const StringComparison Exactly = StringComparison.Ordinal;

    private static bool IsFault(string key, decimal value)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(key, value.ToString(CultureInfo.InvariantCulture))])
            .Build();
        return OptionsCheck.Read(configuration).Faults.Any(fault => fault.Place == key);
    }

    private static decimal NumberOf(string text) =>
        decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    /// <summary>Keys as they are written, those of lists without their number, with the defaults.</summary>
    private static Dictionary<string, object?> Settings() => new(Flatten("", new ServiceOptions()));

    private static IEnumerable<KeyValuePair<string, object?>> Flatten(string path, object section)
    {
        foreach (PropertyInfo property in section.GetType().GetProperties().Where(property => property.CanWrite))
        {
            string key = path + property.Name;
            object? value = property.GetValue(section);
            Type type = property.PropertyType;
            bool isSection = type.IsClass && type != typeof(string) && !type.IsArray;
            if (!isSection)
            {
                yield return new(key, value);
            }

            object? inner = isSection ? value : EntryOf(type);
            foreach (KeyValuePair<string, object?> pair in inner is null ? [] : Flatten(key + ":", inner))
            {
                yield return pair;
            }
        }
    }

    /// <summary>An entry of a list of sections as it is before anything is set.</summary>
    private static object? EntryOf(Type type) =>
        type.GetElementType() is { IsClass: true } element && element != typeof(string)
            ? Activator.CreateInstance(element)
            : null;

    private static IEnumerable<(string Key, DocumentRow Row)> Documented() =>
        DocumentRow.ReadAll(Document)
            .Where(row => Sections.Contains(row.Section))
            .SelectMany(row => row.Spans(0), (row, key) => (KeyOf(row.Section, key), row));

    /// <summary>The tables of lists have the keys of one entry.</summary>
    private static string KeyOf(string section, string key) => section.Contains(':') ? $"{section}:{key}" : key;

    private static string TextOf(object? value) => value switch
    {
        null => "unset",
        "" => "empty",
        string[] { Length: > 0 } texts => $"`[{string.Join(", ", texts.Select(text => $"\"{text}\""))}]`",
        Array => "none",
        bool flag => flag ? "`true`" : "`false`",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    [GeneratedRegex(@"^([\d,.]+) to ([\d,.]+)$")]
    private static partial Regex BoundsPattern();
}
