namespace Gateway.Control.ConfigFile;

/// <summary>
/// Limits that the system holds each child of a program to, as <c>ulimit</c> sets them. Each is a whole number above
/// zero; what is absent stays as the gateway itself has it.
/// </summary>
public sealed record UlimitConfig
{
    /// <summary>Address space in bytes. Node and .NET reserve several GiB and use little of it.</summary>
    public long? MemoryBytes { get; set; }

    /// <summary>CPU time of its whole life, in seconds; then the system ends it.</summary>
    public long? CpuSeconds { get; set; }

    /// <summary>Files and sockets that are open at once.</summary>
    public long? OpenFiles { get; set; }

    /// <summary>Processes and threads of its user; of no effect for root.</summary>
    public long? Processes { get; set; }

    /// <summary>The largest file that it may write, in bytes.</summary>
    public long? FileBytes { get; set; }
}
