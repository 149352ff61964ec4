namespace Gateway.Limits.Model;

/// <summary>The reason why a call was not admitted, in figures and in words.</summary>
/// <param name="CostIndex">
/// Index into <see cref="LimitRequest.Costs"/>; -1 if the refusal concerns no single entry.
/// </param>
/// <param name="Kind">The kind of refusal.</param>
/// <param name="Used">The amount charged in this window, without this call.</param>
/// <param name="Remaining">The amount that this window could still admit.</param>
/// <param name="ResetAtMs">
/// When the window ends, Unix milliseconds UTC; for a sliding limit, when there is room for this call if nothing else
/// is admitted; 0 if the refusal concerns no window.
/// </param>
/// <param name="Reason">One sentence for the agent, the audit record and the log.</param>
public sealed record LimitRefusal(
    int CostIndex,
    RefusalKind Kind,
    Amount Used,
    Amount Remaining,
    long ResetAtMs,
    string Reason)
{
    /// <summary>The maximum that the call was evaluated against; 0 if the refusal concerns no single entry.</summary>
    public Amount Max { get; init; }
}
