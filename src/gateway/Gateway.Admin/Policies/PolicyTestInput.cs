using System.Text.Json;

namespace Gateway.Admin.Policies;

/// <summary>Tests to run.</summary>
/// <param name="Policy">The document, with the tests in it; null for the one in force.</param>
/// <param name="Tests">More of them, as a file <c>NAME.tests.json</c> has them.</param>
internal sealed record PolicyTestInput(JsonElement? Policy = null, JsonElement? Tests = null);
