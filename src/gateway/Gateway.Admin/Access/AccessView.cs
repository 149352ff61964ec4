using Gateway.Admin.Counters;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Access;

/// <summary>What a grant may do, and how much of it is left.</summary>
/// <param name="Grant">Its name.</param>
/// <param name="Servers">What it may do at each, by name.</param>
/// <param name="Counters">Its limits as they stand.</param>
/// <param name="Clients">Sign-ins of clients that its tokens came of; absent where none did.</param>
internal sealed record AccessView(
    string Grant, IReadOnlyList<ServerAccessView> Servers, IReadOnlyList<CounterView> Counters,
    IReadOnlyList<ClientAccess>? Clients);
