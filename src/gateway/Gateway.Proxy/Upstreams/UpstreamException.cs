namespace Gateway.Proxy.Upstreams;

/// <summary>The error that a server sent no response; it shows if the server may have seen the call.</summary>
public sealed class UpstreamException : IOException
{
    internal UpstreamException(UpstreamFailure failure, bool wasWritten, string message, Exception? inner)
        : base(message, inner)
    {
        Failure = failure;
        WasWritten = wasWritten;
    }

    /// <summary>
    /// Returns the error that a program's output was discarded because the memory was in use elsewhere.
    /// </summary>
    internal static UpstreamException NoMemory() => new(
        UpstreamFailure.NoMemory, true, "the gateway had no memory for the output of its program.", null);

    /// <summary>The kind of failure.</summary>
    public UpstreamFailure Failure { get; }

    /// <summary>
    /// True once a byte of the body may have been written: the call may have happened and is counted. If false, the
    /// server never saw the call and its cost is released.
    /// </summary>
    public bool WasWritten { get; }

    /// <summary>
    /// True if the server has received at least a part of the request, and its response cannot arrive any more.
    /// </summary>
    public bool LostResponse => WasWritten
        && Failure is UpstreamFailure.Broken or UpstreamFailure.InvalidAnswer or UpstreamFailure.Ended;
}
