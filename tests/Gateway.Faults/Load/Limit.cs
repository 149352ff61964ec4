namespace Gateway.Faults.Load;

/// <summary>One limit of a tool.</summary>
/// <param name="Counter">The counter's name; a name has one window.</param>
/// <param name="Seconds">The window's length; 0 for a month.</param>
/// <param name="Max">The maximum per window.</param>
internal sealed record Limit(string Counter, int Seconds, int Max)
{
    /// <summary>The kind of window.</summary>
    public string Kind { get; init; } = "fixed";

    /// <summary>The time zone whose day is the window; null for other windows.</summary>
    public string? Zone { get; init; }

    /// <summary>True if each session has its own counter.</summary>
    public bool IsPerSession { get; init; }

    /// <summary>
    /// The maximum number of values of the argument <c>to</c> in a window, each with its own counter; 0 if values are
    /// not counted separately.
    /// </summary>
    public int ValuesMax { get; init; }

    /// <summary>True if several windows share this name.</summary>
    public bool IsKeyed => IsPerSession || ValuesMax > 0;

    /// <summary>The number of writes of one call; for a new value, these include its number and its mark.</summary>
    public int Writes => ValuesMax > 0 ? 3 : 1;
}
