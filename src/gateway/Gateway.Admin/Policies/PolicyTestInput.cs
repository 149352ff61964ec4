using System.Text.Json;

namespace Gateway.Admin.Policies;

/// <summary>Tests to run.</summary>
/// <param name="Policy">The document with its tests; null for the active one.</param>
/// <param name="Tests">Further tests, in the format of a file <c>NAME.tests.json</c>.</param>
internal sealed record PolicyTestInput(JsonElement? Policy = null, JsonElement? Tests = null);
