using System.Text.Json;

namespace Gateway.Admin.Policies;

/// <summary>A call to evaluate against a policy.</summary>
/// <param name="Tool">The tool that is called.</param>
/// <param name="Arguments">A JSON object; null for none.</param>
/// <param name="Policy">The document; null for the active one.</param>
/// <param name="Grant">The grant of the call; null for an arbitrary one.</param>
/// <param name="Server">The server of the call; null for an arbitrary one.</param>
/// <param name="At">The instant of the call; null for now.</param>
/// <param name="Caller">The caller, as in a policy's tests; null for a call with a grant's own token.</param>
/// <param name="Class">The class of the tool; null for the accepted one.</param>
internal sealed record ExplainInput(
    string? Tool = null, JsonElement? Arguments = null, JsonElement? Policy = null, string? Grant = null,
    string? Server = null, string? At = null, JsonElement? Caller = null, string? Class = null);
