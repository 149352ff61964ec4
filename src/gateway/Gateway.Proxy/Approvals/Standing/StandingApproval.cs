using Gateway.Limits.Model;

namespace Gateway.Proxy.Approvals.Standing;

/// <summary>An approval of several calls of one kind, as stored in the control store.</summary>
public sealed record StandingApproval
{
    /// <summary>128 random bits as 32 hexadecimal digits; the document's name.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the request that it was made with.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>The grant whose calls may proceed.</summary>
    public required string Grant { get; init; }

    /// <summary>
    /// The hash of the grant's token. A grant that was created again, or that has another token, does not match.
    /// </summary>
    public required string GrantToken { get; init; }

    /// <summary>The server of the covered calls.</summary>
    public required string Server { get; init; }

    /// <summary>The tool of the covered calls.</summary>
    public required string Tool { get; init; }

    /// <summary>The JSON Pointer to the rule that requires approval.</summary>
    public required string Rule { get; init; }

    /// <summary>The hash of the rule.</summary>
    public required string RuleSha256 { get; init; }

    /// <summary>The hash of the tool's definition at that time; null if it was unknown.</summary>
    public string? ToolContract { get; init; }

    /// <summary>The number of calls, their period and their conditions.</summary>
    public required StandingTerms Terms { get; init; }

    /// <summary>The digest of the one call that it covers; null if conditions decide.</summary>
    public string? Call { get; init; }

    /// <summary>The people who made it; all of them if several people must approve.</summary>
    public required IReadOnlyList<StandingMaker> Makers { get; init; }

    /// <summary>The time of its creation; all times here are Unix milliseconds.</summary>
    public required long MadeMs { get; init; }

    /// <summary>The time from which it covers no calls.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>The number of calls that proceeded under it.</summary>
    public int Used { get; init; }

    /// <summary>The time of its revocation; null if it was not revoked.</summary>
    public long? RevokedMs { get; init; }

    /// <summary>The name of the person who revoked it.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>The time at which its end was recorded; null before.</summary>
    public long? EndedMs { get; init; }

    /// <summary>The makers' names.</summary>
    public string MadeBy => string.Join(", ", Makers.Select(static maker => maker.By));

    /// <summary>
    /// Returns its own state at an instant, regardless of roles, grants and rules. A stored end remains valid even if
    /// the clock is set back.
    /// </summary>
    public StandingState StateAt(long nowMs) =>
        RevokedMs is not null ? StandingState.Revoked
        : Used >= Terms.Uses ? StandingState.Used
        : nowMs >= ExpiresMs || EndedMs is not null || MadeMs > nowMs + ClockBounds.AheadMaxMs ? StandingState.Expired
        : StandingState.Active;

    /// <summary>
    /// Returns true if it covers calls of this grant under this rule and its makers may still approve.
    /// </summary>
    /// <param name="grantToken">The hash of the grant's token.</param>
    /// <param name="ruleSha256">The hash of the current rule.</param>
    /// <param name="toolContract">The hash of the tool's current definition; null if unknown.</param>
    /// <param name="approvers">The people who may approve.</param>
    public bool Holds(string grantToken, string? ruleSha256, string? toolContract, IApprovers approvers) =>
        GrantToken == grantToken && RuleSha256 == ruleSha256
        && (ToolContract is null || ToolContract == toolContract)
        && Makers.All(maker => approvers.MayAnswer(maker, Server));
}

/// <summary>A person who made a standing approval.</summary>
/// <param name="By">The person's name in the record.</param>
/// <param name="Account">The person's account; null for a key without an account.</param>
/// <param name="AccountId">The id that distinguishes the account from a later one of the same name.</param>
public sealed record StandingMaker(string By, string? Account, string? AccountId)
{
    /// <summary>The absent person by whose right the maker approved; null for an own right.</summary>
    public AbsentApprover? For { get; init; }
}

/// <summary>An absent person whose delegate decides on requests.</summary>
/// <param name="Account">The person's account.</param>
/// <param name="AccountId">The id that distinguishes the account from a later one of the same name.</param>
public sealed record AbsentApprover(string Account, string AccountId);

/// <summary>The people who may currently approve.</summary>
public interface IApprovers
{
    /// <summary>Returns true if the person may still decide on requests for this server.</summary>
    bool MayAnswer(StandingMaker maker, string server);
}

/// <summary>The state of a standing approval.</summary>
public enum StandingState
{
    /// <summary>Matching calls may proceed.</summary>
    Active,

    /// <summary>All approved calls have been used.</summary>
    Used,

    /// <summary>Its period is over.</summary>
    Expired,

    /// <summary>A person revoked it.</summary>
    Revoked,

    /// <summary>Its maker's role, its grant or its rule has changed.</summary>
    Ended,
}

/// <summary>The terms that an approver adds to one approval: a permission for further calls like it.</summary>
public sealed record StandingTerms
{
    /// <summary>The number of calls.</summary>
    public required int Uses { get; init; }

    /// <summary>The period in milliseconds.</summary>
    public required long ForMs { get; init; }

    /// <summary>
    /// The conditions on the arguments, a JSON array as in a policy's <c>require</c>. Null if the arguments must be
    /// exactly the same, and as read from the store, which keeps them sealed.
    /// </summary>
    public string? Where { get; init; }

    /// <summary>The conditions, encrypted because they contain values of arguments.</summary>
    public string? SealedWhere { get; init; }
}
