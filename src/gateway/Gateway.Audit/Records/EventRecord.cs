namespace Gateway.Audit.Records;

/// <summary>An event that is not part of a call, as recorded, such as an exhausted budget or a changed tool.</summary>
public readonly record struct EventRecord
{
    /// <summary>The event's id.</summary>
    public required string Id { get; init; }

    /// <summary>Type of the event, such as <c>budget.reached</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The change: raised, or told or untold (a channel was or was not notified).</summary>
    public required string Became { get; init; }

    /// <summary>The grant whose agent the event concerns; empty for none.</summary>
    public required string Grant { get; init; }

    /// <summary>The server that the event concerns.</summary>
    public required string Server { get; init; }

    /// <summary>The tool that the event concerns.</summary>
    public required string Tool { get; init; }

    /// <summary>The rule that caused the event; empty for none.</summary>
    public required string Rule { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Further names and numbers.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>The channel that was notified; null for other changes.</summary>
    public string? Channel { get; init; }
}
