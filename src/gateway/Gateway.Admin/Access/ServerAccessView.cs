namespace Gateway.Admin.Access;

/// <summary>The rights of a grant on a server.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Policy">The policy that applies there; null denies every call.</param>
/// <param name="Tools">Each tool with the decision for its calls; absent if the server did not list them.</param>
/// <param name="Note">A description of omitted tools; absent if there are none.</param>
/// <param name="Problem">The reason why there are no tools.</param>
internal sealed record ServerAccessView(
    string Server, string? Policy, IReadOnlyList<ToolAccessView>? Tools, string? Note = null, string? Problem = null);
