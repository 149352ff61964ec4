namespace Gateway.Admin.Access;

/// <summary>What a grant may do at a server.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Policy">The policy that judges it there; null denies every call.</param>
/// <param name="Tools">Each tool and what becomes of a call; absent where the server did not list them.</param>
/// <param name="Note">What is left out; absent where nothing is.</param>
/// <param name="Problem">Why there are no tools.</param>
internal sealed record ServerAccessView(
    string Server, string? Policy, IReadOnlyList<ToolAccessView>? Tools, string? Note = null, string? Problem = null);
