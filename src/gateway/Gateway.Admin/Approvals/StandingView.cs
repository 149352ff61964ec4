using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>A standing approval as an operator sees it.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="State"><c>active</c>, <c>used</c>, <c>expired</c>, <c>revoked</c> or <c>ended</c>.</param>
/// <param name="Why">Why it lets nothing through though it is neither used up, over nor revoked.</param>
/// <param name="Grant">Whose calls go ahead.</param>
/// <param name="Server">The server that they are for.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Rule">JSON Pointer to the rule that would ask.</param>
/// <param name="Next">How many calls it is for.</param>
/// <param name="Used">How many went ahead by it.</param>
/// <param name="Where">The conditions that their arguments meet; null for the very same arguments.</param>
/// <param name="Made">When.</param>
/// <param name="MadeBy">Who made it.</param>
/// <param name="Expires">When it is over.</param>
/// <param name="Revoked">When it was taken back.</param>
/// <param name="RevokedBy">Who did that.</param>
/// <param name="ApprovalId">The request that it was made with.</param>
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
