using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;

namespace Gateway.Admin.Records;

/// <summary>Whether a server answers, as the calls of this process found it.</summary>
/// <param name="Name">The server.</param>
/// <param name="Health">
/// <c>ok</c>, <c>unreachable</c>, <c>failing</c> where it can be reached and gives no usable response, or
/// <c>unknown</c> where no call has gone there yet.
/// </param>
/// <param name="Since">Since when.</param>
/// <param name="Fault">Why there was no answer.</param>
/// <param name="Paused">Whether the operator has stopped it.</param>
internal sealed record ServerStateView(
    string Name, string Health, DateTimeOffset? Since, string? Fault, bool Paused)
{
    /// <summary>
    /// <c>direct</c>, or the proxy and who resolves the server's name; absent for a program.
    /// </summary>
    public string? Route { get; init; }

    public static ServerStateView Of(ControlState state, ServerModel server, ServerHealth health)
    {
        var standing = health.Of(server);
        return Of(state, server, standing) with { Route = health.RouteOf(server) };
    }

    private static ServerStateView Of(ControlState state, ServerModel server, ServerStanding? standing) => new(
        state.Names.Shown(server.Name),
        standing is null ? "unknown"
            : standing.Fault is null ? "ok"
            : standing.Evidence == ServerEvidence.Head ? "unreachable" : "failing",
        standing is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(standing.SinceMs),
        standing?.Fault,
        state.Pauses.OfServer(server.Name) is not null);
}
