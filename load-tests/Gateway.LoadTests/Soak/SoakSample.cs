namespace Gateway.LoadTests.Soak;

/// <summary>What one look at the gateway's process and data found.</summary>
internal sealed record SoakSample
{
    /// <summary>From the begin of the load.</summary>
    public required double Seconds { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>The managed heap after its last collection; null where the gateway did not tell.</summary>
    public required double? HeapBytes { get; init; }

    /// <summary>Open files, sockets and the like.</summary>
    public required int Handles { get; init; }

    public required int Threads { get; init; }

    /// <summary>Bytes of all files in the data directory.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Of these, the journal's.</summary>
    public required long JournalBytes { get; init; }

    /// <summary>The file of the record that is being written.</summary>
    public required string AuditFile { get; init; }

    /// <summary>Files of the record that have been compressed.</summary>
    public required int CompressedFiles { get; init; }

    /// <summary>Time for which the gateway's collector had stopped it, from its start; null likewise.</summary>
    public required double? PauseSeconds { get; init; }

    /// <summary>The same of the program that sends.</summary>
    public required double SenderPauseSeconds { get; init; }

    /// <summary>Processor time of everything else on the machine, from its start.</summary>
    public required double OthersSeconds { get; init; }

    /// <summary>Processor time that this machine's host gave to others while it was wanted here, likewise.</summary>
    public required double StolenSeconds { get; init; }
}
