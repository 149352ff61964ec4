using System.Text.Json;

namespace Gateway.Admin.Policies;

/// <summary>A call to try on a policy.</summary>
/// <param name="Tool">The tool that is called.</param>
/// <param name="Arguments">A JSON object; null for none.</param>
/// <param name="Policy">The document; null for the one in force.</param>
/// <param name="Grant">Whose call; null for some grant's.</param>
/// <param name="Server">Where to; null for some server.</param>
/// <param name="At">When, as an instant; null for now.</param>
internal sealed record ExplainInput(
    string? Tool = null, JsonElement? Arguments = null, JsonElement? Policy = null, string? Grant = null,
    string? Server = null, string? At = null);
