using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>What an approver wants to allow beside the one call.</summary>
/// <param name="Next">How many further calls.</param>
/// <param name="For">For how long, in seconds, as <c>900s</c>.</param>
/// <param name="Where">The conditions that their arguments meet; null for the very same arguments.</param>
internal sealed record StandingTermsView(int Next, string For, JsonElement? Where);
