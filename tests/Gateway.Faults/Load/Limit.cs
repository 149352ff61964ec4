namespace Gateway.Faults.Load;

/// <summary>One limit of a tool.</summary>
/// <param name="Counter">The counter's name; a name has one window.</param>
/// <param name="Seconds">The window's length; 0 for a month.</param>
/// <param name="Max">The most that a window admits.</param>
internal sealed record Limit(string Counter, int Seconds, int Max)
{
    /// <summary>How its window moves.</summary>
    public string Kind { get; init; } = "fixed";

    /// <summary>The time zone whose day is its window; null where it has another.</summary>
    public string? Zone { get; init; }

    /// <summary>Each session has a counter of its own.</summary>
    public bool IsPerSession { get; init; }

    /// <summary>Each value of the argument <c>to</c> has one, of so many that a window may have; 0: none has.</summary>
    public int ValuesMax { get; init; }

    /// <summary>Whether a window of this name is one of several.</summary>
    public bool IsKeyed => IsPerSession || ValuesMax > 0;

    /// <summary>Writes of one call: of a new value also its number and its mark.</summary>
    public int Writes => ValuesMax > 0 ? 3 : 1;
}
