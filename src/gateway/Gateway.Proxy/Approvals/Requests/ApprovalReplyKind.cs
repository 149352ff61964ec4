namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The kind of result of a person's decision on a request.</summary>
public enum ApprovalReplyKind
{
    /// <summary>The request was open, and the decision was stored.</summary>
    Answered,

    /// <summary>There is no such request; an expired one is removed soon.</summary>
    NotFound,

    /// <summary>The request had already been decided.</summary>
    AlreadyAnswered,

    /// <summary>This person has already approved it, and it needs another approver.</summary>
    ApprovedByThemBefore,

    /// <summary>
    /// The person signed in the agent's client, or cannot be distinguished from the one who did, and the rule excludes
    /// such approvers.
    /// </summary>
    Grantor,

    /// <summary>The person is the caller, whom the rule excludes.</summary>
    Caller,

    /// <summary>The rule excludes the caller, and it cannot be shown that the person is another one.</summary>
    UnknownCaller,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>Another person approved it before, with other terms for further calls.</summary>
    OtherTerms,

    /// <summary>The request is from an earlier release: its rule and its token are unknown.</summary>
    NoStanding,

    /// <summary>The grant has the maximum number of standing approvals.</summary>
    TooManyStanding,

    /// <summary>Nothing can be suggested: the request is from an earlier release, or it is not a tool call.</summary>
    NoSuggestion,

    /// <summary>The suggested arguments equal the denied ones.</summary>
    SameArguments,
}
