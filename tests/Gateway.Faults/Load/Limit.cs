namespace Gateway.Faults.Load;

/// <summary>One limit of a tool.</summary>
/// <param name="Counter">The counter's name; a name has one window.</param>
/// <param name="Seconds">The window's length; 0 for a month.</param>
/// <param name="Max">The most that a window admits.</param>
internal sealed record Limit(string Counter, int Seconds, int Max)
{
    /// <summary>Never more than the maximum in any interval of that length.</summary>
    public bool IsSliding { get; init; }

    /// <summary>Each session has a counter of its own.</summary>
    public bool IsPerSession { get; init; }
}
