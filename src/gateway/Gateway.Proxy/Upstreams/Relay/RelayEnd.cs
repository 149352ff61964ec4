namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>How the passing on of an answer ended.</summary>
public enum RelayEnd
{
    /// <summary>The whole answer was passed on.</summary>
    Completed,

    /// <summary>The client went away first.</summary>
    ClientGone,

    /// <summary>
    /// The server broke off; the client's connection was aborted, so that it cannot take it for an end.
    /// </summary>
    UpstreamBroken,

    /// <summary>The policy denied the answer; a denial was passed on in its place.</summary>
    Denied,

    /// <summary>The answer could not be judged; it was replaced by a 502 or, once begun, aborted.</summary>
    Refused,

    /// <summary>There was no memory to judge the answer; it was replaced by a 502 or, once begun, aborted.</summary>
    NoMemory,

    /// <summary>No response to the request can come; the client received an error with its id.</summary>
    NoResponse,

    /// <summary>
    /// The stream ended before the response and after an event id; the end was passed on, and the client may resume.
    /// </summary>
    Resumable,

    /// <summary>The server's answer did not come in time; an error was passed on in its place.</summary>
    TimedOut,

    /// <summary>The gateway ended it: shutdown, or the grant was revoked.</summary>
    Stopped,
}
