using System.Net;
using Gateway.Control.Health;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Logs;

/// <summary>The logger of <see cref="FloodFoldingLoggerFactory"/>.</summary>
internal sealed partial class FloodFoldingLogger(ILogger inner, Func<string, IPAddress?> peerOf, TimeProvider time)
    : ILogger
{
    /// <summary>The number of addresses with a line of their own in one minute; further ones share one.</summary>
    private const int AddressesMax = 64;

    private readonly MinuteBudget<IPAddress> _budget = new(linesMax: 1, AddressesMax);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel != LogLevel.Critical || ConnectionIdOf(state) is not { } connectionId)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        var peer = peerOf(connectionId) ?? IPAddress.None;
        if (!_budget.TryTake(peer, time.GetUtcNow().ToUnixTimeMilliseconds(), out var folded))
            return;
        LogFlood(inner, Equals(peer, IPAddress.None) ? "an unknown address" : peer.ToString(),
            formatter(state, null).TrimEnd('.'),
            folded == 0 ? ""
                : $"; {Spelling.Count(folded, "more entry", "more entries")} like this since the last line");
    }

    private static string? ConnectionIdOf<TState>(TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> members)
            return null;
        foreach (var (name, value) in members)
        {
            if (name == "ConnectionId" && value is string id)
                return id;
        }

        return null;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "A connection from {Peer} ended abnormally: {Message}{Folded}. If this repeats, the address floods the gateway "
        + "over HTTP/2: block it in front of the gateway")]
    private static partial void LogFlood(ILogger logger, string peer, string message, string folded);
}
