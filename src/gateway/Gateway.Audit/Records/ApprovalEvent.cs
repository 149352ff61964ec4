namespace Gateway.Audit.Records;

/// <summary>
/// A change in the life of a request for approval, as recorded; it never contains an argument's value.
/// </summary>
public readonly record struct ApprovalEvent
{
    /// <summary>The request's id.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The change. For a request: asked, told or untold (a channel was or was not notified), voted (approved by one of
    /// several people), approved, denied, expired, unused or withdrawn (by the caller). For a call that waited as a
    /// task: finished, unsent (refused, or the server was not reached) or interrupted (may have been sent). For a
    /// standing approval: standing (created), revoked or ended.
    /// </summary>
    public required string Became { get; init; }

    /// <summary>The grant that requested the approval.</summary>
    public required string Grant { get; init; }

    /// <summary>The server of the call.</summary>
    public required string Server { get; init; }

    /// <summary>The tool of the call.</summary>
    public required string Tool { get; init; }

    /// <summary>The rule that requires the approval.</summary>
    public required string Rule { get; init; }

    /// <summary>HMAC of the arguments under the gateway's key; null if there are no arguments.</summary>
    public string? ArgumentsHmac { get; init; }

    /// <summary>Plain digest of the arguments, for a request that an earlier release created; otherwise null.</summary>
    public string? ArgumentsSha256 { get; init; }

    /// <summary>
    /// Id of the denied request for which a person suggested these arguments; null if an agent made the request.
    /// </summary>
    public string? SuggestedFor { get; init; }

    /// <summary>Name of the person who decided; null before a decision.</summary>
    public string? By { get; init; }

    /// <summary>
    /// The identity behind the decision; with several approvals, that of the last one. Null before a decision.
    /// </summary>
    public Actor? Actor { get; init; }

    /// <summary>The subject of the caller that made the call; null for a grant's own token.</summary>
    public string? Caller { get; init; }

    /// <summary>The name or URL of the issuer of the caller's token.</summary>
    public string? CallerIssuer { get; init; }

    /// <summary>The OAuth client of the caller's token; null if the token names none.</summary>
    public string? CallerClient { get; init; }

    /// <summary>The <c>sub</c> of the outermost <c>act</c> of the caller's token; null without one.</summary>
    public string? CallerActor { get; init; }

    /// <summary>The person's comment.</summary>
    public string? Comment { get; init; }

    /// <summary>The channel that was notified; null for other changes.</summary>
    public string? Channel { get; init; }

    /// <summary>The standing approval that changed; null for a single call.</summary>
    public StandingEvent? Standing { get; init; }

    /// <summary>Number of approvals so far; null if one is enough.</summary>
    public int? Approvals { get; init; }

    /// <summary>Number of approvals that are required; null if one is enough.</summary>
    public int? ApprovalsNeeded { get; init; }
}

/// <summary>
/// A standing approval as recorded. Its conditions contain argument values, so they are not recorded.
/// </summary>
/// <param name="Id">Id of the standing approval.</param>
/// <param name="Uses">Number of calls that it covers.</param>
/// <param name="Used">Number of calls that have used it.</param>
/// <param name="UntilMs">Time at which it ends, in Unix milliseconds.</param>
public sealed record StandingEvent(string Id, int Uses, int Used, long UntilMs);
