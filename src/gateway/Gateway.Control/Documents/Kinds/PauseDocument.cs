namespace Gateway.Control.Documents.Kinds;

/// <summary>A pause as the store keeps it; it holds as long as the document is there.</summary>
public sealed record PauseDocument
{
    /// <summary>When it was paused.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Where the operator was who paused it.</summary>
    public string? From { get; init; }

    /// <summary>The operator who paused it.</summary>
    public string? By { get; init; }

    /// <summary>The reason in the operator's words, at most 1,024 characters.</summary>
    public string? Reason { get; init; }
}
