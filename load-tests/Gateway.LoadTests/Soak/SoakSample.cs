namespace Gateway.LoadTests.Soak;

/// <summary>One sample of the gateway's process and data.</summary>
internal sealed record SoakSample
{
    /// <summary>The time since the beginning of the load.</summary>
    public required double Seconds { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>The managed heap after its last collection; null if the gateway did not report it.</summary>
    public required double? HeapBytes { get; init; }

    /// <summary>The number of open files, sockets and similar handles.</summary>
    public required int Handles { get; init; }

    public required int Threads { get; init; }

    /// <summary>The bytes of all files in the data directory.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>The part of these bytes that is the journal's.</summary>
    public required long JournalBytes { get; init; }

    /// <summary>The audit file that is being written.</summary>
    public required string AuditFile { get; init; }

    /// <summary>The number of compressed audit files.</summary>
    public required int CompressedFiles { get; init; }

    /// <summary>
    /// The time for which the gateway's garbage collector had paused it, since its start; null if the gateway did not
    /// report it.
    /// </summary>
    public required double? PauseSeconds { get; init; }

    /// <summary>The pause time of the program that sends.</summary>
    public required double SenderPauseSeconds { get; init; }

    /// <summary>The CPU time of everything else on the machine, since its start.</summary>
    public required double OthersSeconds { get; init; }

    /// <summary>The CPU time that the host gave to other machines while it was needed here, since the start.</summary>
    public required double StolenSeconds { get; init; }
}
