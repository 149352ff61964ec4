namespace Gateway.Faults.Histories;

/// <summary>A part of the run with faults of one sort.</summary>
internal sealed record Phase(string Name, long FromMs)
{
    /// <summary>When the next one began.</summary>
    public long ToMs { get; set; }

    /// <summary>What the agents saw.</summary>
    public CallHistory Calls { get; } = new(Name);

    /// <summary>Writes that the store took meanwhile; null where it was not measured.</summary>
    public long? Writes { get; set; }
}
