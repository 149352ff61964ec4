namespace Gateway.Proxy.Upstreams;

/// <summary>The reason why a server sent no response.</summary>
public enum UpstreamFailure
{
    /// <summary>No connection: refused, unreachable, or an unknown host name.</summary>
    Connect,

    /// <summary>No connection within the time limit.</summary>
    ConnectTimeout,

    /// <summary>The TLS handshake failed, or the certificate is not trusted.</summary>
    Tls,

    /// <summary>The connection broke before the response head arrived.</summary>
    Broken,

    /// <summary>The response is not HTTP, or its head exceeds the bounds.</summary>
    InvalidAnswer,

    /// <summary>The server uses HTTP+SSE and named an endpoint that must not be used.</summary>
    Endpoint,

    /// <summary>The server's program could not be started.</summary>
    NotStarted,

    /// <summary>The server's program failed repeatedly, and is not restarted yet.</summary>
    BackingOff,

    /// <summary>The server's program ended before it responded.</summary>
    Ended,

    /// <summary>The gateway has no credential that the server accepts.</summary>
    NoCredential,

    /// <summary>A bound was reached: children, open calls, or lines that the program has not read.</summary>
    AtBound,

    /// <summary>Other messages used the grant's memory while the server's program responded.</summary>
    NoMemory,
}
