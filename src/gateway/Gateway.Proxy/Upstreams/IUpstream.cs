namespace Gateway.Proxy.Upstreams;

/// <summary>One registered server, and the only way to send requests to it, regardless of the transport.</summary>
public interface IUpstream : IAsyncDisposable
{
    /// <summary>The current state.</summary>
    UpstreamStatus Status { get; }

    /// <summary>
    /// True if it must end as soon as its registration is replaced or removed: programs of replaced registrations must
    /// not stay until they are idle, while connections close by themselves.
    /// </summary>
    bool EndsWithRegistration { get; }

    /// <summary>Sends a request once, and returns when the head of its response has arrived.</summary>
    /// <exception cref="UpstreamException">There was no response.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> canceled it; <see cref="UpstreamRequest.WasWritten"/> shows if it was
    /// written.
    /// </exception>
    Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken);
}

/// <summary>The state of an upstream, for operators; a transport adds its own properties.</summary>
/// <param name="CredentialError">
/// The reason why there is no access token; null if there is one or none was needed.
/// </param>
public record UpstreamStatus(string? CredentialError = null);
