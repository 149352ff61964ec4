using System.Text.Json.Nodes;

namespace Gateway.Admin.Tools;

/// <summary>A policy that fits a server's tools.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Policy">The document.</param>
/// <param name="Notes">One line per tool, and a line for omitted tools.</param>
internal sealed record RecommendedPolicyView(string Server, JsonObject Policy, IReadOnlyList<string> Notes);
