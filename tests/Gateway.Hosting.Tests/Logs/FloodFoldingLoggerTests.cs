using Gateway.Hosting.Logs;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Tests.Logs;

public sealed partial class FloodFoldingLoggerTests : IDisposable
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    private readonly Entries _entries = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly FloodFoldingLoggerFactory _factory;

    public FloodFoldingLoggerTests() => _factory = new FloodFoldingLoggerFactory(
        new LoggerFactory([_entries]), static id => id[0] == 'a' ? IPAddress.Parse("192.0.2.1") : null, _clock);

    public void Dispose() => _factory.Dispose();

    [Theory]
    [InlineData(Kestrel)]
    [InlineData($"{Kestrel}.Http2")]
    public void Flood_of_critical_entries_becomes_one_warning_a_minute_with_peer_and_count(string category)
    {
        var logger = _factory.CreateLogger(category);

        for (var i = 0; i < 1111; i++)
            Exceeded(logger, "a" + i);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Exceeded(logger, "a");

        Assert.Equal(2, _entries.All.Count);
        Assert.All(_entries.All, static entry => Assert.Equal(LogLevel.Warning, entry.Level));
        Assert.StartsWith("A connection from 192.0.2.1 ended abnormally: Connection id a0 exceeded the queue. If",
            _entries.All[0].Text);
        Assert.Contains("; 1,110 more entries like this since the last line. If", _entries.All[1].Text);
        Assert.All(_entries.All, static entry => Assert.Null(entry.Exception));
    }

    [Fact]
    public void Connection_that_is_no_longer_known_is_reported_without_an_address()
    {
        Exceeded(_factory.CreateLogger($"{Kestrel}.Http2"), "b");

        Assert.StartsWith("A connection from an unknown address ended", Assert.Single(_entries.All).Text);
    }

    [Fact]
    public void Entries_of_other_levels_categories_or_without_a_connection_pass()
    {
        var failure = new IOException("no");
        LogUnableToStart(_factory.CreateLogger(Kestrel), failure);
        var http2 = _factory.CreateLogger($"{Kestrel}.Http2");
        LogFailed(http2, LogLevel.Error, "a", failure);
        var other = _factory.CreateLogger("Gateway.Other");
        LogFailed(other, LogLevel.Critical, "a", failure);

        Assert.Equal(
            [LogLevel.Critical, LogLevel.Error, LogLevel.Critical], _entries.All.Select(static one => one.Level));
        Assert.All(_entries.All, entry => Assert.Same(failure, entry.Exception));
    }

    private static void Exceeded(ILogger logger, string connection) =>
        LogExceeded(logger, connection, new InvalidOperationException("with a stack"));

    [LoggerMessage(LogLevel.Critical, "Connection id {ConnectionId} exceeded the queue.")]
    private static partial void LogExceeded(ILogger logger, string connectionId, Exception exception);

    [LoggerMessage(LogLevel.Critical, "Unable to start")]
    private static partial void LogUnableToStart(ILogger logger, Exception exception);

    [LoggerMessage("Connection {ConnectionId} failed")]
    private static partial void LogFailed(ILogger logger, LogLevel level, string connectionId, Exception exception);

    private sealed record Entry(LogLevel Level, string Text, Exception? Exception);

    private sealed class Entries : ILoggerProvider, ILogger
    {
        public List<Entry> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            All.Add(new Entry(logLevel, formatter(state, exception), exception));

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
