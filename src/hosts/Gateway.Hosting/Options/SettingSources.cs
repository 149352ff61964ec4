using System.Collections;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using Gateway.Control.Options;

namespace Gateway.Hosting.Options;

/// <summary>The value of each option in effect: from the command line, the environment or the default.</summary>
internal static class SettingSources
{
    /// <summary>Returns all settings by name; secrets are omitted from the values.</summary>
    public static IReadOnlyList<EffectiveSetting> Of(ParseResult parsed) =>
    [
        .. parsed.CommandResult.Command.Options.Where(static option => option is not HelpOption && !option.Hidden)
            .OrderBy(static option => option.Name, StringComparer.Ordinal)
            .Select(option => Of(parsed, option)),
    ];

    private static EffectiveSetting Of(ParseResult parsed, Option option)
    {
        var result = parsed.GetResult(option);
        var variable = Setting.VariableOf(option);
        var source = result is { Implicit: false } ? "command line"
            : variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } ? variable
            : "default";
        return new(option.Name, Text(result is null ? null : Value(result)), source, Meaning(option, variable));
    }

    private static object? Value(OptionResult result) => result.GetValueOrDefault<object?>();

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => ShownSecret.Hide(text),
        bool flag => flag ? "true" : "false",
        IEnumerable several => string.Join(", ", several.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>Returns the description without the variable, which follows it in the help.</summary>
    private static string Meaning(Option option, string? variable) =>
        (option.Description ?? "").Replace($" ({variable})", "", StringComparison.Ordinal);
}
