namespace Gateway.Policy.Documents;

/// <summary>The terms of a person's approval.</summary>
/// <param name="ExpiresAfter">How long the request stays open, from 1 s to 30 days.</param>
/// <param name="WaitAtMost">How long the gateway keeps the call pending, up to 1 h; zero responds at once.</param>
public sealed record ApprovalTerms(TimeSpan ExpiresAfter, TimeSpan WaitAtMost)
{
    /// <summary>The value of <c>not</c> that excludes the person who authorized the agent's client.</summary>
    public const string Grantor = "grantor";

    /// <summary>The value of <c>not</c> that excludes the caller.</summary>
    public const string Caller = "caller";

    /// <summary>The terms of an entry without its own, also used by the published schema and the console.</summary>
    public static ApprovalTerms Default { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(45));

    /// <summary>Number of different people that must approve, 1 to 5; one denial ends the request.</summary>
    public int Approvals { get; init; } = 1;

    /// <summary>True if the person who authorized the agent's client by OAuth may not approve its requests.</summary>
    public bool IsBarredToGrantor { get; init; }

    /// <summary>
    /// True if only a person who is shown not to be the caller may approve: the person of an issuer's token, or the one
    /// who authorized the agent's client by OAuth.
    /// </summary>
    public bool IsBarredToCaller { get; init; }

    /// <summary>The escalation if nobody answers; null for none.</summary>
    public ApprovalEscalation? Escalation { get; init; }
}

/// <summary>The escalation of an approval request that nobody has answered for a while.</summary>
/// <param name="After">How long the request has been open by then; at least 1 s, and less than its lifetime.</param>
/// <param name="Channel">The name of the channel to notify, regardless of the channel's own subscriptions.</param>
public sealed record ApprovalEscalation(TimeSpan After, string Channel);
