using Gateway.Admin.Counters;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Access;

/// <summary>The rights of a grant and the current state of its limits.</summary>
/// <param name="Grant">The name of the grant.</param>
/// <param name="Servers">Its rights on each server, by name.</param>
/// <param name="Counters">Its limits with their current use.</param>
/// <param name="Clients">The client sign-ins that hold its tokens; absent if there are none.</param>
internal sealed record AccessView(
    string Grant, IReadOnlyList<ServerAccessView> Servers, IReadOnlyList<CounterView> Counters,
    IReadOnlyList<ClientAccess>? Clients);

/// <summary>The rights of a grant on a server.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Policy">The policy that applies there; null denies every call.</param>
/// <param name="Tools">Each tool with the decision for its calls; absent if the server did not list them.</param>
/// <param name="Note">A description of omitted tools; absent if there are none.</param>
/// <param name="Problem">The reason why there are no tools.</param>
internal sealed record ServerAccessView(
    string Server, string? Policy, IReadOnlyList<ToolAccessView>? Tools, string? Note = null, string? Problem = null);

/// <summary>The rights of a grant for one tool.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Category">The kind of its effect.</param>
/// <param name="Risk">The harm that one wrong call can do.</param>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c>, <c>approval_required</c>, or <c>depends</c>.</param>
/// <param name="Rule">The rule that decides.</param>
/// <param name="Limits">A description of each limit; absent if there are none.</param>
internal sealed record ToolAccessView(
    string Name, string Category, string Risk, string Outcome, string Rule, IReadOnlyList<string>? Limits);
