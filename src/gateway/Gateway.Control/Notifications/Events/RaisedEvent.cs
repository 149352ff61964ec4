namespace Gateway.Control.Notifications.Events;

/// <summary>Something that happened and that people are told of, as the control store keeps it.</summary>
public sealed record RaisedEvent
{
    /// <summary>What happened, such as <c>budget.reached</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whose agent it is about; empty for none.</summary>
    public required string Grant { get; init; }

    /// <summary>The server that it is about.</summary>
    public required string Server { get; init; }

    /// <summary>The tool that it is about.</summary>
    public required string Tool { get; init; }

    /// <summary>JSON Pointer to the rule that it comes from; empty for none.</summary>
    public required string Rule { get; init; }

    /// <summary>One sentence without its full stop.</summary>
    public required string Reason { get; init; }

    /// <summary>What a person does next: a command.</summary>
    public required string NextStep { get; init; }

    /// <summary>Names, numbers and instants, in the order in which they are shown.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>When it happened, Unix milliseconds.</summary>
    public required long AtMs { get; init; }

    /// <summary>From when on it is not told any more and may happen anew, Unix milliseconds.</summary>
    public required long ExpiresMs { get; init; }
}
