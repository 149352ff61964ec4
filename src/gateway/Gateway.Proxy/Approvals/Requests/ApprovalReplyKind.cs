namespace Gateway.Proxy.Approvals.Requests;

/// <summary>What became of a person's answer.</summary>
public enum ApprovalReplyKind
{
    /// <summary>It was open, and the answer holds.</summary>
    Answered,

    /// <summary>There is no such approval; an expired one is soon forgotten.</summary>
    NotFound,

    /// <summary>Somebody had answered before.</summary>
    AlreadyAnswered,

    /// <summary>The same person approved it before, and it needs another one.</summary>
    ApprovedByThemBefore,

    /// <summary>They let the agent's client in, or cannot be told from who did, and the rule bars those.</summary>
    Grantor,

    /// <summary>Nobody answered in time.</summary>
    Expired,

    /// <summary>Another person approved it before with other terms for further calls.</summary>
    OtherTerms,

    /// <summary>A release before asked: what the rule said and whose token it was is not known.</summary>
    NoStanding,

    /// <summary>The grant has as many standing approvals as it may have.</summary>
    TooManyStanding,

    /// <summary>Nothing can be suggested: a release before asked, or it is not the call of a tool.</summary>
    NoSuggestion,

    /// <summary>The arguments that are suggested are those that are denied.</summary>
    SameArguments,
}
