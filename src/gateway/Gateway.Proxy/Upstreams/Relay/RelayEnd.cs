namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The end of relaying a response.</summary>
public enum RelayEnd
{
    /// <summary>The whole response was relayed.</summary>
    Completed,

    /// <summary>The client left first.</summary>
    ClientGone,

    /// <summary>
    /// The server broke off; the client's connection was aborted, so that the client does not mistake this for the end.
    /// </summary>
    UpstreamBroken,

    /// <summary>The policy denied the response; a denial was relayed in its place.</summary>
    Denied,

    /// <summary>The response could not be evaluated; it was replaced by a 502 or, once begun, aborted.</summary>
    Refused,

    /// <summary>
    /// There was no memory to evaluate the response; it was replaced by a 502 or, once begun, aborted.
    /// </summary>
    NoMemory,

    /// <summary>No response to the request can arrive; the client received an error with its id.</summary>
    NoResponse,

    /// <summary>
    /// The stream ended before the response and after an event id; the end was relayed, and the client may resume.
    /// </summary>
    Resumable,

    /// <summary>The server's response did not arrive in time; an error was relayed in its place.</summary>
    TimedOut,

    /// <summary>The gateway ended it because of shutdown or a revoked grant.</summary>
    Stopped,
}
