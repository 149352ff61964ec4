namespace Gateway.Proxy.Upstreams;

/// <summary>No answer came from a server; says whether the server may have seen the call.</summary>
public sealed class UpstreamException : IOException
{
    internal UpstreamException(UpstreamFailure failure, bool wasWritten, string message, Exception? inner)
        : base(message, inner)
    {
        Failure = failure;
        WasWritten = wasWritten;
    }

    /// <summary>What a program said was not taken: a fault of nobody but whoever holds the memory.</summary>
    internal static UpstreamException NoMemory() => new(
        UpstreamFailure.NoMemory, true, "the gateway had no memory for what its program said.", null);

    /// <summary>What went wrong.</summary>
    public UpstreamFailure Failure { get; }

    /// <summary>
    /// True once a byte of the body may have been written: the call may have happened and is counted.
    /// False: the server never saw it and what it cost is given back.
    /// </summary>
    public bool WasWritten { get; }

    /// <summary>Whether the server has the request, or a part of it, and its response cannot come any more.</summary>
    public bool LostResponse => WasWritten
        && Failure is UpstreamFailure.Broken or UpstreamFailure.InvalidAnswer or UpstreamFailure.Ended;
}
