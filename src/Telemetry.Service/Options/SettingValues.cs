using System.Globalization;
using System.Reflection;

namespace Telemetry.Service;

/// <summary>Holds the text of every setting against its type, so that faults are told in words of ours.</summary>
internal static class SettingValues
{
    /// <summary>Every value that cannot be read; the settings can be bound when there is none.</summary>
    public static IReadOnlyList<SettingFault> FaultsIn(IConfiguration configuration) =>
        [.. FaultsIn(configuration, typeof(ServiceOptions), ""), .. LogLevelFaults(configuration)];

    /// <summary>
    /// Top-level names of <c>--set</c> that are neither a setting nor a section. The environment may have any, a
    /// command line has none by accident.
    /// </summary>
    public static IEnumerable<SettingFault> UnknownAssignments(IEnumerable<string> assignments)
    {
        string[] known = [.. typeof(ServiceOptions).GetProperties().Select(property => property.Name), "Logging"];
        foreach (string assignment in assignments)
        {
            string name = assignment.Split(['=', ':'], 2)[0];
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                string all = string.Join(", ", known);
                yield return new SettingFault($"--set {assignment}", $"no such setting; there are {all}");
            }
        }
    }

    private static IEnumerable<SettingFault> FaultsIn(IConfiguration section, Type type, string path)
    {
        foreach (PropertyInfo property in type.GetProperties())
        {
            IConfigurationSection child = section.GetSection(property.Name);
            foreach (SettingFault fault in FaultsOf(child, property.PropertyType, path + property.Name))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<SettingFault> FaultsOf(IConfigurationSection setting, Type type, string path)
    {
        if (type.GetElementType() is { } element)
        {
            return setting.Value is { Length: > 0 } single
                ? [new SettingFault(path, $"is a list; write {path}:0={single}, the next one with 1")]
                : setting.GetChildren().SelectMany(item => FaultsOf(item, element, $"{path}:{item.Key}"));
        }

        if (type.IsClass && type != typeof(string))
        {
            return setting.Value is { Length: > 0 } text
                ? [new SettingFault(path, $"is a section and cannot be '{text}'; write {path}:Key=value")]
                : FaultsIn(setting, type, path + ":");
        }

        return setting.Value is { } value && Expected(value, Nullable.GetUnderlyingType(type) ?? type) is { } expected
            ? [new SettingFault(path, $"expected {expected}, found '{value}'")]
            : [];
    }

    /// <summary>What should stand in the place of a value; null when it can stand.</summary>
    private static string? Expected(string value, Type type)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type.IsEnum)
        {
            bool isName = Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);
            return isName ? null : $"one of {string.Join(", ", Enum.GetNames(type))}";
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => bool.TryParse(value, out _) ? null : "true or false",
            TypeCode.Int32 => int.TryParse(value, NumberStyles.Integer, culture, out _) ? null : "a whole number",
            TypeCode.UInt32 => uint.TryParse(value, NumberStyles.Integer, culture, out _)
                ? null
                : $"a whole number from 0 to {uint.MaxValue}",
            TypeCode.Int64 => long.TryParse(value, NumberStyles.Integer, culture, out _) ? null : "a whole number",
            TypeCode.Double => double.TryParse(value, NumberStyles.Float, culture, out _) ? null : "a number",
            _ => null,
        };
    }

    /// <summary>The log's own section, which .NET would read only after the data directory is open.</summary>
    private static IEnumerable<SettingFault> LogLevelFaults(IConfiguration configuration) =>
        from pair in configuration.GetSection("Logging").AsEnumerable()
        where pair.Value is not null && pair.Key.Contains("LogLevel:", StringComparison.OrdinalIgnoreCase)
        let expected = Expected(pair.Value, typeof(LogLevel))
        where expected is not null
        select new SettingFault(pair.Key, $"expected {expected}, found '{pair.Value}'");
}
