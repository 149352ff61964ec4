namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// An operator's absence. It is no part of the operator's document, because previous releases reject unknown members
/// there.
/// </summary>
public sealed record AbsenceDocument
{
    /// <summary>The id of the absent account.</summary>
    public required string OperatorId { get; init; }

    /// <summary>The time from which it is in effect.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The time at which it ends.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The account that decides on approvals during the absence; null for none.</summary>
    public string? Delegate { get; init; }

    /// <summary>The id that distinguishes that account from a later one of the same name.</summary>
    public string? DelegateId { get; init; }

    /// <summary>A note for colleagues, on one line.</summary>
    public string? Note { get; init; }
}
