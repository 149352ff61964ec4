namespace Gateway.Faults.Histories;

/// <summary>A part of the run with faults of one kind.</summary>
internal sealed record Phase(string Name, long FromMs)
{
    /// <summary>The beginning of the next phase.</summary>
    public long ToMs { get; set; }

    /// <summary>The calls of the agents.</summary>
    public CallHistory Calls { get; } = new(Name);

    /// <summary>The writes to the store during the phase; null if they were not counted.</summary>
    public long? Writes { get; set; }
}
