namespace Gateway.Admin.Counters;

/// <summary>A counter as it stands.</summary>
/// <param name="Key">Its identity with its generation, as audit records name it.</param>
/// <param name="Grant">The grant whose calls it counts; null for all grants of a server, and for a budget.</param>
/// <param name="Server">The server; empty for a budget.</param>
/// <param name="Counter">Its name in the policy, or the budget's name.</param>
/// <param name="Policy">The policy that limits it; empty for a budget.</param>
/// <param name="Rule">The limit, as a JSON Pointer into the policy; for a budget, into the configuration file.</param>
/// <param name="Window">The window as written; empty for places of calls in flight, which have none.</param>
/// <param name="Max">The most that one window admits, exact.</param>
/// <param name="Used">
/// What this window has charged, exact, or how many places are taken; null where the engine could not say.
/// </param>
/// <param name="Remaining">What this window could still admit.</param>
/// <param name="ResetAt">When the window ends; null for places of calls in flight.</param>
/// <param name="Problem">Why the engine could not say.</param>
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
    string? Problem);
