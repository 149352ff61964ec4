using Gateway.Limits.Model;

namespace Gateway.Proxy.Approvals.Standing;

/// <summary>Leave for several calls of one kind, as the control store keeps it.</summary>
public sealed record StandingApproval
{
    /// <summary>128 random bits, 32 hexadecimal digits; the document's name.</summary>
    public required string Id { get; init; }

    /// <summary>The request that it was made with.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>The grant whose calls go ahead.</summary>
    public required string Grant { get; init; }

    /// <summary>The hash of the grant's token: a grant made anew, or with another token, is another one.</summary>
    public required string GrantToken { get; init; }

    /// <summary>The server that they are for.</summary>
    public required string Server { get; init; }

    /// <summary>The tool that they call.</summary>
    public required string Tool { get; init; }

    /// <summary>JSON Pointer to the rule that would ask.</summary>
    public required string Rule { get; init; }

    /// <summary>What the rule says, as a hash.</summary>
    public required string RuleSha256 { get; init; }

    /// <summary>What the tool promised then, as a hash; null where that was not known.</summary>
    public string? ToolContract { get; init; }

    /// <summary>How many calls, for how long, with which arguments.</summary>
    public required StandingTerms Terms { get; init; }

    /// <summary>The digest of the one call that it is for; null where conditions say which.</summary>
    public string? Call { get; init; }

    /// <summary>Who made it; all of them where several people must approve.</summary>
    public required IReadOnlyList<StandingMaker> Makers { get; init; }

    /// <summary>Unix milliseconds, as every instant here.</summary>
    public required long MadeMs { get; init; }

    /// <summary>From then on it lets nothing through.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>How many calls went ahead by it.</summary>
    public int Used { get; init; }

    /// <summary>When it was taken back; null where it was not.</summary>
    public long? RevokedMs { get; init; }

    /// <summary>Who took it back.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>When its end went on record; null before.</summary>
    public long? EndedMs { get; init; }

    /// <summary>The makers' names.</summary>
    public string MadeBy => string.Join(", ", Makers.Select(static maker => maker.By));

    /// <summary>
    /// Where it stands by itself at an instant; roles, grants and rules are not in it. A stored end holds even if the
    /// clock is set back.
    /// </summary>
    public StandingState StateAt(long nowMs) =>
        RevokedMs is not null ? StandingState.Revoked
        : Used >= Terms.Uses ? StandingState.Used
        : nowMs >= ExpiresMs || EndedMs is not null || MadeMs > nowMs + ClockBounds.AheadMaxMs ? StandingState.Expired
        : StandingState.Active;

    /// <summary>Whether it is for calls of this grant that this rule would ask about, by who may approve now.</summary>
    /// <param name="grantToken">The hash of the grant's token.</param>
    /// <param name="ruleSha256">What the rule says now.</param>
    /// <param name="toolContract">What the tool promises now; null where that is not known.</param>
    /// <param name="approvers">Who may approve.</param>
    public bool Holds(string grantToken, string? ruleSha256, string? toolContract, IApprovers approvers) =>
        GrantToken == grantToken && RuleSha256 == ruleSha256
        && (ToolContract is null || ToolContract == toolContract)
        && Makers.All(maker => approvers.MayAnswer(maker, Server));
}
