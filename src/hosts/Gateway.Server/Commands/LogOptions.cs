using System.CommandLine;

namespace Gateway.Server.Commands;

/// <summary>The options of what is logged, and how.</summary>
internal static class LogOptions
{
    private static readonly (string Name, LogLevel Level)[] Levels =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information),
        ("warning", LogLevel.Warning), ("error", LogLevel.Error), ("critical", LogLevel.Critical),
    ];

    private static readonly Option<string> Format = new("--log-format")
    {
        Description = "\"text\" or \"json\": one line, or one JSON object, an entry.",
        DefaultValueFactory = _ => "text",
    };

    private static readonly Option<string?> Level = new("--log-level")
    {
        Description = "From which level on. Default: Logging__LogLevel__Default of the environment, or information.",
    };

    public static void AddTo(Command command)
    {
        Format.AcceptOnlyFromAmong("text", "json");
        Level.AcceptOnlyFromAmong([.. Levels.Select(static level => level.Name)]);
        command.Add(Format);
        command.Add(Level);
    }

    public static bool IsJson(ParseResult parsed) => parsed.GetValue(Format) == "json";

    /// <summary>Null where none was asked for.</summary>
    public static LogLevel? LevelOf(ParseResult parsed) => parsed.GetValue(Level) is { } name
        ? Levels.Single(level => level.Name == name).Level
        : null;
}
