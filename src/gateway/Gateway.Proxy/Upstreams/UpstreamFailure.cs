namespace Gateway.Proxy.Upstreams;

/// <summary>Why no answer came from a server.</summary>
public enum UpstreamFailure
{
    /// <summary>No connection: refused, unreachable, or its name is unknown.</summary>
    Connect,

    /// <summary>No connection within the time for it.</summary>
    ConnectTimeout,

    /// <summary>TLS could not be agreed, or the certificate is not trusted.</summary>
    Tls,

    /// <summary>The connection broke before the head of an answer was there.</summary>
    Broken,

    /// <summary>What came is not HTTP, or its head is over the bounds.</summary>
    InvalidAnswer,

    /// <summary>The server speaks HTTP+SSE and named an endpoint that must not be used.</summary>
    Endpoint,

    /// <summary>The server's program could not be started.</summary>
    NotStarted,

    /// <summary>The server's program kept failing, and is not started again yet.</summary>
    BackingOff,

    /// <summary>The server's program ended before it answered.</summary>
    Ended,

    /// <summary>The gateway has no credential that the server would take.</summary>
    NoCredential,

    /// <summary>A bound was reached: children, calls under way, or lines that the program has not read.</summary>
    AtBound,

    /// <summary>The grant's memory was held by others while the server's program answered.</summary>
    NoMemory,
}
