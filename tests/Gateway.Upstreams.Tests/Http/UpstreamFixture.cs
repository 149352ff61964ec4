using Microsoft.Extensions.Logging;

namespace Gateway.Upstreams.Tests.Http;

internal static class UpstreamFixture
{
    public static byte[] Body { get; } = Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");

    public static HttpUpstream To(Uri url, params (string Name, string Value)[] headers) => new(new HttpUpstreamOptions
    {
        Url = url,
        Headers = [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))],
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public static UpstreamRequest Post(
        IHeaderDictionary? headers = null,
        Func<CancellationToken, ValueTask>? before = null,
        string? session = null,
        string? traceParent = null) => new()
        {
            Method = HttpMethod.Post,
            Body = Body,
            ClientHeaders = headers ?? new HeaderDictionary(),
            CallId = "0123456789abcdef0123456789abcdef",
            BeforeFirstByte = before,
            SessionId = session,
            TraceParent = traceParent,
        };

    public static async Task<string> TextAsync(UpstreamResponse answer)
    {
        using (answer)
        using (var reader = new StreamReader(answer.Body))
            return await reader.ReadToEndAsync();
    }
}

/// <summary>The lines that an upstream logs.</summary>
internal sealed class LogList : ILogger<HttpUpstream>
{
    private readonly System.Threading.Channels.Channel<string> _lines =
        System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyList<string> Lines => [.. _all];

    public async Task WaitForAsync(string text)
    {
        using var limit = new CancellationTokenSource(Soon.AtMost);
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        _all.Enqueue(formatter(state, exception));
        _lines.Writer.TryWrite(formatter(state, exception));
    }
}
