namespace Gateway.Admin.Counters;

/// <summary>The current state of a counter.</summary>
/// <param name="Key">Its identity with its generation, as in audit records.</param>
/// <param name="Grant">The grant whose calls it counts; null for all grants of a server, and for a budget.</param>
/// <param name="Server">The server; empty for a budget.</param>
/// <param name="Counter">Its name in the policy, or the budget's name.</param>
/// <param name="Policy">The policy that limits it; empty for a budget.</param>
/// <param name="Rule">The limit, as a JSON Pointer into the policy; for a budget, into the configuration file.</param>
/// <param name="Window">The window as written; empty for places of calls in flight, which have none.</param>
/// <param name="Max">The exact maximum that one window admits; with <see cref="Each"/>, of persons or values.</param>
/// <param name="Used">The exact amount that this window has charged, the number of places in use or, with
/// <see cref="Each"/>, of persons or values; null if the engine could not report it.</param>
/// <param name="Remaining">The amount that this window can still admit.</param>
/// <param name="ResetAt">The end of the window; null for places of calls in flight.</param>
/// <param name="Problem">The reason why the engine could not report it.</param>
internal sealed record CounterView(
    string Key,
    string? Grant,
    string Server,
    string Counter,
    string Policy,
    string Rule,
    string Window,
    string Max,
    string? Used,
    string? Remaining,
    DateTimeOffset? ResetAt,
    string? Problem)
{
    /// <summary>
    /// The time at which the window is exhausted at its rate so far; absent if that is not before its end, or unknown.
    /// </summary>
    public DateTimeOffset? ExhaustedAt { get; init; }

    /// <summary>
    /// The kind that has its own counter, such as <c>person</c> or <c>args.to</c>; this counter is the number of these.
    /// Absent for a single counter.
    /// </summary>
    public string? Each { get; init; }

    /// <summary>The exact maximum of each of these counters in one window.</summary>
    public string? EachMax { get; init; }
}
