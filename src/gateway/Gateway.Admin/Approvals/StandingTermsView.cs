using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>The terms of a proposed standing approval.</summary>
/// <param name="Next">The number of further calls.</param>
/// <param name="For">The duration in seconds, as <c>900s</c>.</param>
/// <param name="Where">The conditions on their arguments; null for identical arguments.</param>
internal sealed record StandingTermsView(int Next, string For, JsonElement? Where);
