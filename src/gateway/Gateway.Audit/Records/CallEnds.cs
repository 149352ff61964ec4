namespace Gateway.Audit.Records;

/// <summary>The ends of calls that are not failures of a server, in the words of their records.</summary>
public static class CallEnds
{
    private const int ErrorStatusMin = 400;

    /// <summary>
    /// Returns true if a call failed: the server reported an error, did not respond, or its response was not relayed.
    /// A call that its client left, or that the gateway sends again or stopped, did not fail.
    /// </summary>
    /// <param name="ended">The end in the record.</param>
    /// <param name="status">The HTTP status of the response; 0 for none.</param>
    public static bool IsFailed(string ended, int status) => status >= ErrorStatusMin
        || ended is not ("completed" or "client gone" or "resumed elsewhere" or "stopped" or "grant ended"
            or "permit expired");
}
