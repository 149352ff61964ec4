using Gateway.Admin.Pausing;
using Gateway.Catalogue.Keeping;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Pinning;

namespace Gateway.Admin.Records;

/// <summary>The health of a server according to the calls of this process.</summary>
/// <param name="Name">The name of the server.</param>
/// <param name="Health"><c>ok</c>, <c>unreachable</c>, <c>failing</c> if it can be reached but returns no usable
/// response, or <c>unknown</c> if there was no call yet.</param>
/// <param name="Since">The start of that state.</param>
/// <param name="Fault">The reason why there was no response.</param>
/// <param name="Paused">True if an operator has paused it.</param>
internal sealed record ServerStateView(
    string Name, string Health, DateTimeOffset? Since, string? Fault, bool Paused)
{
    /// <summary>The pause of the server itself; absent if it is not paused.</summary>
    public PauseView? Pause { get; init; }

    /// <summary>
    /// True if nothing is sent to an unreachable server, because the gateway has no valid credential for it; absent for
    /// any other.
    /// </summary>
    public bool? LacksCredential { get; init; }

    /// <summary>Tools whose definition has a finding, so that every policy denies them.</summary>
    public int BlockedTools { get; init; }

    /// <summary>
    /// Unaccepted tools with a suspicious text, which only policies with <c>pin</c> deny.
    /// </summary>
    public int SuspiciousTools { get; init; }

    /// <summary>Tools that are new or changed since acceptance; policies with <c>pin</c> deny them.</summary>
    public int UnacceptedTools { get; init; }

    /// <summary>The unaccepted tools of which no version was ever accepted.</summary>
    public int NewTools { get; init; }

    /// <summary>Prompts, resources and templates that are new, changed since acceptance or suspicious.</summary>
    public int DriftedItems { get; init; }

    /// <summary>The reason why the server's tools could not be listed last; absent if they were.</summary>
    public string? ListFault { get; init; }

    /// <summary>The start of that failure.</summary>
    public DateTimeOffset? ListFailedSince { get; init; }

    /// <summary>
    /// <c>direct</c>, or the proxy and the party that resolves the server's name; absent for a program.
    /// </summary>
    public string? Route { get; init; }
}

/// <summary>The state of each server, as this process knows it.</summary>
internal sealed class ServerStates(ServerHealth health, PinnedTools pinned, InventoryStore inventories)
{
    /// <summary>Returns the state of a server.</summary>
    public ServerStateView Of(ControlState state, ServerModel server)
    {
        var standing = health.Of(server);
        var barriers = pinned.BarriersOf(server.Name);
        var list = inventories.Pointer(server.Name);
        return new(
            state.Names.Shown(server.Name),
            standing is null ? "unknown"
                : standing.Fault is null ? "ok"
                : standing.Evidence == ServerEvidence.Head ? "unreachable" : "failing",
            standing is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(standing.SinceMs),
            standing?.Fault,
            state.Pauses.OfServer(server.Name) is not null)
        {
            Pause = PauseView.Of(state.Pauses.OfServer(server.Name)),
            LacksCredential = standing is { Fault: not null, LacksCredential: true } ? true : null,
            Route = health.RouteOf(server),
            ListFault = list?.FailedSince is null ? null : list.Why,
            ListFailedSince = list?.FailedSince,
            BlockedTools = barriers?.BlockedCount ?? 0,
            SuspiciousTools = pinned.SuspiciousOf(server.Name),
            UnacceptedTools = barriers?.UnacceptedCount ?? 0,
            NewTools = barriers?.NewCount ?? 0,
            DriftedItems = pinned.DriftedItemsOf(server.Name),
        };
    }
}
