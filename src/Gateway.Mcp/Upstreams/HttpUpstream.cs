namespace Gateway.Mcp;

/// <summary>One registered HTTP server: its connections, and the one way to send something to it.</summary>
public sealed class HttpUpstream : IAsyncDisposable
{
    /// <summary>Opens nothing yet; connections are made when there is something to send.</summary>
    public HttpUpstream(HttpUpstreamOptions options) => Options = options;

    /// <summary>Where the server is.</summary>
    public HttpUpstreamOptions Options { get; }

    /// <summary>Sends a request once, and returns when the head of its answer is there.</summary>
    /// <exception cref="UpstreamException">No answer came.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> ended it; see <see cref="UpstreamRequest.WasWritten"/>.</exception>
    public Task<UpstreamAnswer> SendAsync(UpstreamRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Arrives with the next delivery.");

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
