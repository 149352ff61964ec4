using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>A person's decision on an approval request.</summary>
/// <param name="IsApproved">True if the call may proceed.</param>
/// <param name="Comment">
/// The comment that the agent reads with a denial and that the record keeps; may be empty.
/// </param>
public sealed record GivenAnswer(bool IsApproved, string? Comment = null)
{
    /// <summary>The terms for further calls like it; null for none.</summary>
    public StandingTerms? Standing { get; init; }

    /// <summary>
    /// With a denial, the arguments with which the agent may call once instead, as a JSON object; null for none.
    /// </summary>
    public string? SuggestedArguments { get; init; }
}
