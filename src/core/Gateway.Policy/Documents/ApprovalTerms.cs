namespace Gateway.Policy.Documents;

/// <summary>How a person's approval is asked for.</summary>
/// <param name="ExpiresAfter">How long the request stays open, from 1 s to 30 days.</param>
/// <param name="WaitAtMost">How long the gateway holds the call for an answer, up to 1 h; zero answers at once.</param>
public sealed record ApprovalTerms(TimeSpan ExpiresAfter, TimeSpan WaitAtMost)
{
    /// <summary>The terms of an entry without its own, for the published schema and the console too.</summary>
    public static ApprovalTerms Default { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(45));

    /// <summary>How many different people must approve, 1 to 5; one denial ends it.</summary>
    public int Approvals { get; init; } = 1;

    /// <summary>Whether who let the agent's client in, by OAuth, may not approve what it asks.</summary>
    public bool IsBarredToGrantor { get; init; }

    /// <summary>Whom to tell besides where nobody answers; null for nobody.</summary>
    public ApprovalEscalation? Escalation { get; init; }
}
