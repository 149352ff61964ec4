namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>The reason why a child ended, as named in the metrics.</summary>
internal enum ChildEnd
{
    /// <summary>It ended by itself, or by another process's signal.</summary>
    Crashed,

    /// <summary>Its session or grant ended, or the gateway is shutting down.</summary>
    Stopped,

    /// <summary>It was unused for a while.</summary>
    Idle,

    /// <summary>It sent a line beyond the bound, or closed its output.</summary>
    BadOutput,

    /// <summary>There was no memory for one of its long lines.</summary>
    NoMemory,
}
