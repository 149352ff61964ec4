namespace Gateway.Control.Snapshots;

/// <summary>A pause that an operator made.</summary>
/// <param name="SinceMs">The start in Unix milliseconds; null if it cannot be read.</param>
/// <param name="From">The operator's address.</param>
public sealed record Pause(long? SinceMs, string? From)
{
    /// <summary>The operator; null in documents of earlier releases.</summary>
    public string? By { get; init; }

    /// <summary>The reason in the operator's words; null if none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The end in Unix milliseconds; null if it lasts until an operator resumes.</summary>
    public long? UntilMs { get; init; }
}
