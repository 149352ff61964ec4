namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>Why a child ended; what the metrics call it.</summary>
internal enum ChildEnd
{
    /// <summary>By itself, or by somebody else's signal.</summary>
    Crashed,

    /// <summary>Its session ended, its grant did, or the gateway stops.</summary>
    Stopped,

    /// <summary>Nobody had used it for a while.</summary>
    Idle,

    /// <summary>It sent a line beyond the bound, or closed its output.</summary>
    BadOutput,

    /// <summary>There was no memory for a long line of it.</summary>
    NoMemory,
}
