using Gateway.Mcp;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Telemetry;

/// <summary>Passes each message on with its unclear characters escaped, line by line.</summary>
internal sealed class VisibleLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        inner.Log(
            logLevel, eventId, state, exception is null ? null : new VisibleException(exception),
            (message, _) => VisibleText.Of(formatter(message, exception)));

    /// <summary>What is printed of an exception has lines of its own, which stay; each of them is escaped.</summary>
    private sealed class VisibleException(Exception inner) : Exception(VisibleText.Of(inner.Message))
    {
        public override string ToString() => string.Join(
            Environment.NewLine, inner.ToString().ReplaceLineEndings("\n").Split('\n').Select(VisibleText.Of));
    }
}
