using System.Text.Json.Nodes;

namespace Gateway.Admin.Tools;

/// <summary>A policy that fits a server's tools.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Policy">The document.</param>
/// <param name="Notes">One line a tool, and what was left out.</param>
internal sealed record RecommendedPolicyView(string Server, JsonObject Policy, IReadOnlyList<string> Notes);
