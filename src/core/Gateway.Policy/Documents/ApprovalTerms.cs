namespace Gateway.Policy.Documents;

/// <summary>The terms of a person's approval.</summary>
/// <param name="ExpiresAfter">How long the request stays open, from 1 s to 30 days.</param>
/// <param name="WaitAtMost">How long the gateway keeps the call pending, up to 1 h; zero responds at once.</param>
public sealed record ApprovalTerms(TimeSpan ExpiresAfter, TimeSpan WaitAtMost)
{
    /// <summary>The terms of an entry without its own, also used by the published schema and the console.</summary>
    public static ApprovalTerms Default { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(45));

    /// <summary>Number of different people that must approve, 1 to 5; one denial ends the request.</summary>
    public int Approvals { get; init; } = 1;

    /// <summary>True if the person who authorized the agent's client by OAuth may not approve its requests.</summary>
    public bool IsBarredToGrantor { get; init; }

    /// <summary>The escalation if nobody answers; null for none.</summary>
    public ApprovalEscalation? Escalation { get; init; }
}
