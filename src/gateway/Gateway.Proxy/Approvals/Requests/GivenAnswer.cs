using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>What a person answers.</summary>
/// <param name="IsApproved">Whether the call may go ahead.</param>
/// <param name="Comment">What the agent reads with a denial, and the record keeps; may be empty.</param>
public sealed record GivenAnswer(bool IsApproved, string? Comment = null)
{
    /// <summary>Leave for further calls like it; null for none.</summary>
    public StandingTerms? Standing { get; init; }

    /// <summary>
    /// With a denial, a JSON object: the arguments with which the agent may call instead, once; null for none.
    /// </summary>
    public string? SuggestedArguments { get; init; }
}
