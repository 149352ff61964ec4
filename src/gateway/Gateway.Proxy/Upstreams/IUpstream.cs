namespace Gateway.Proxy.Upstreams;

/// <summary>One registered server, and the one way to send something to it, whatever it speaks through.</summary>
public interface IUpstream : IAsyncDisposable
{
    /// <summary>What became of it so far.</summary>
    UpstreamStatus Status { get; }

    /// <summary>
    /// Whether it ends as soon as its registration is replaced or gone: programs that are not in force must not stay
    /// until they are idle, while connections close by themselves.
    /// </summary>
    bool EndsWithRegistration { get; }

    /// <summary>Sends a request once, and returns when the head of its answer is there.</summary>
    /// <exception cref="UpstreamException">No answer came.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> ended it; <see cref="UpstreamRequest.WasWritten"/> says how far it came.
    /// </exception>
    Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken);
}
