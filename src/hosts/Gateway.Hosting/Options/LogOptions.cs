using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gateway.Hosting.Options;

/// <summary>The options of the log.</summary>
internal static class LogOptions
{
    private static readonly (string Name, LogLevel Level)[] Levels =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information),
        ("warning", LogLevel.Warning), ("error", LogLevel.Error), ("critical", LogLevel.Critical),
    ];

    private static readonly Option<string?> Format = Setting.Choice(
        "--log-format",
        "\"text\" or \"json\": one line or one JSON object per entry. Default: text for gateway, json for "
            + "gateway-cluster.", null, "text", "json");

    private static readonly Option<string?> Level = Setting.Choice(
        "--log-level",
        "Minimum level. Default: Logging__LogLevel__Default from the environment, or information.",
        null, [.. Levels.Select(static level => level.Name)]);

    public static void AddTo(Command command)
    {
        command.Add(Format);
        command.Add(Level);
    }

    /// <summary>Returns true for a command that logs.</summary>
    public static bool IsOf(CommandResult command) => command.Command.Options.Contains(Format);

    /// <summary>Returns whether the log is JSON; null if the format is not set, or not valid.</summary>
    public static bool? IsJson(CommandResult command) =>
        command.GetResult(Format) is { } result && result.TryRead<string>(out var format) && format is not null
            ? format == "json"
            : null;

    /// <summary>Returns the minimum level; null if it is not set.</summary>
    public static LogLevel? LevelOf(ParseResult parsed) => parsed.GetValue(Level) is { } name
        ? Levels.Single(level => level.Name == name).Level
        : null;
}
