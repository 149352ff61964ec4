namespace Gateway.Audit.Records;

/// <summary>What became of a request for approval, as it goes on record; never an argument's value.</summary>
public readonly record struct ApprovalEvent
{
    /// <summary>The request's id.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Asked, told (to a channel) or untold, voted (approved by one of several), approved, denied, expired or unused;
    /// of leave for further calls standing (made), revoked or ended.
    /// </summary>
    public required string Became { get; init; }

    /// <summary>The grant that asked.</summary>
    public required string Grant { get; init; }

    /// <summary>The server of the call.</summary>
    public required string Server { get; init; }

    /// <summary>The tool that it wants to call.</summary>
    public required string Tool { get; init; }

    /// <summary>The rule that asks.</summary>
    public required string Rule { get; init; }

    /// <summary>The digest of the arguments under the gateway's key; null where there are none.</summary>
    public string? ArgumentsHmac { get; init; }

    /// <summary>Their bare digest, of a request that a release before asked; null of others.</summary>
    public string? ArgumentsSha256 { get; init; }

    /// <summary>The request that was denied with these arguments suggested; null where an agent asked.</summary>
    public string? SuggestedFor { get; init; }

    /// <summary>Who answered; null before there is an answer.</summary>
    public string? By { get; init; }

    /// <summary>
    /// The identity behind the answer; of several approvals, the last one's. Null before there is an answer.
    /// </summary>
    public Actor? Actor { get; init; }

    /// <summary>What they wrote beside it.</summary>
    public string? Comment { get; init; }

    /// <summary>The channel that was told; null for anything else.</summary>
    public string? Channel { get; init; }

    /// <summary>The leave for further calls that this is about; null for one call.</summary>
    public StandingEvent? Standing { get; init; }

    /// <summary>How many people have approved; null where one is enough.</summary>
    public int? Approvals { get; init; }

    /// <summary>How many must; null where one is enough.</summary>
    public int? ApprovalsNeeded { get; init; }
}
