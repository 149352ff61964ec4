namespace Gateway.Audit.Records;

/// <summary>What happened beside calls, as it goes on record: a budget that runs out, a tool that changed.</summary>
public readonly record struct EventRecord
{
    /// <summary>The event's id.</summary>
    public required string Id { get; init; }

    /// <summary>What happened, such as <c>budget.reached</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Raised, told (to a channel) or untold.</summary>
    public required string Became { get; init; }

    /// <summary>Whose agent it is about; empty for none.</summary>
    public required string Grant { get; init; }

    /// <summary>The server that it is about.</summary>
    public required string Server { get; init; }

    /// <summary>The tool that it is about.</summary>
    public required string Tool { get; init; }

    /// <summary>The rule that it comes from; empty for none.</summary>
    public required string Rule { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Names and numbers.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>The channel that was told; null for anything else.</summary>
    public string? Channel { get; init; }
}
