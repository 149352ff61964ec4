namespace Gateway.Limits.Model;

/// <summary>Why a call was not admitted, in figures and in words.</summary>
/// <param name="CostIndex">Which entry of <see cref="LimitRequest.Costs"/>; -1 when it concerns no single one.</param>
/// <param name="Kind">The kind of refusal.</param>
/// <param name="Used">What is charged in this window, without this call.</param>
/// <param name="Remaining">What this window could still admit.</param>
/// <param name="ResetAtMs">
/// When the window ends, Unix milliseconds UTC; of a sliding limit, when there is room for this call if nothing else is
/// admitted; 0 when it concerns no window.
/// </param>
/// <param name="Reason">One sentence for the agent, the audit record and the log.</param>
public sealed record LimitRefusal(
    int CostIndex,
    RefusalKind Kind,
    Amount Used,
    Amount Remaining,
    long ResetAtMs,
    string Reason);
