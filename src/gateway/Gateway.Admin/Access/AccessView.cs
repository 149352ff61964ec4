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
