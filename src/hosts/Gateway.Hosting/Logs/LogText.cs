using Gateway.Mcp.Writing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hosting.Logs;

/// <summary>
/// A formatter with one line per entry: time in UTC, level, category, message. Some messages quote agents and servers,
/// so a control character must never start another line or move a terminal's cursor.
/// </summary>
internal sealed class LogText(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "gateway";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(GatewayLogging.Time(time.GetUtcNow()));
        textWriter.Write(' ');
        textWriter.Write(Word(logEntry.LogLevel));
        textWriter.Write(' ');
        textWriter.Write(logEntry.Category);
        textWriter.Write(": ");
        textWriter.Write(VisibleText.Of(message));
        textWriter.Write('\n');
        if (logEntry.Exception is not { } exception)
            return;
        foreach (var line in exception.ToString().Split('\n'))
        {
            textWriter.Write("    ");
            textWriter.Write(VisibleText.Of(line.TrimEnd('\r')));
            textWriter.Write('\n');
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "crit ",
    };
}
