using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>A standing approval as an operator sees it.</summary>
/// <param name="Id">The id of the standing approval.</param>
/// <param name="State"><c>active</c>, <c>used</c>, <c>expired</c>, <c>revoked</c> or <c>ended</c>.</param>
/// <param name="Why">The reason why it is inactive though it is neither used up, expired nor revoked.</param>
/// <param name="Grant">The grant whose calls it allows.</param>
/// <param name="Server">The server that they are for.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Rule">JSON Pointer to the rule that requires approval otherwise.</param>
/// <param name="Next">The number of calls that it allows.</param>
/// <param name="Used">The number of calls that it has allowed.</param>
/// <param name="Where">The conditions on their arguments; null for identical arguments.</param>
/// <param name="Made">The time of creation.</param>
/// <param name="MadeBy">The operator who created it.</param>
/// <param name="Expires">The expiry.</param>
/// <param name="Revoked">The time of the revocation.</param>
/// <param name="RevokedBy">The operator who revoked it.</param>
/// <param name="ApprovalId">The request with which it was created.</param>
internal sealed record StandingView(
    string Id,
    string State,
    string? Why,
    string Grant,
    string Server,
    string Tool,
    string Rule,
    int Next,
    int Used,
    JsonElement? Where,
    DateTimeOffset Made,
    string MadeBy,
    DateTimeOffset Expires,
    DateTimeOffset? Revoked,
    string? RevokedBy,
    string ApprovalId);
