namespace Gateway.Control.Documents.Kinds;

/// <summary>A pause in the store; it lasts as long as the document exists, also after its end.</summary>
public sealed record PauseDocument
{
    /// <summary>The time at which the pause began.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The address of the operator who paused.</summary>
    public string? From { get; init; }

    /// <summary>The operator who paused.</summary>
    public string? By { get; init; }

    /// <summary>The reason in the operator's words, at most 1,024 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The time at which a gateway deletes the document; null for a pause without an end. Previous releases do not know
    /// the member and keep the pause.
    /// </summary>
    public DateTimeOffset? Until { get; init; }
}
