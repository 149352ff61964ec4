using System.Text.Json;
using Gateway.Admin.Pausing;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Grants;

/// <summary>Creates views of grants.</summary>
internal sealed class GrantViews(LastUses uses, AdminListener edge, ProcessClock clock)
{
    private const string OfGrant = "grant";
    private const string OfGateway = "gateway";

    public string StatusOf(ControlState state, GrantDefinition grant) =>
        state.HasEnded(grant, clock.NowMs()) ? "expired"
        : IsPaused(state, grant) || state.Pauses.Gateway is not null ? "paused"
        : "active";

    public long? LastUsedMs(ControlState state, GrantDefinition grant) => uses.OfMs(state, grant);

    public GrantView Of(ControlState state, GrantDefinition grant)
    {
        var nowMs = clock.NowMs();
        var pausedBy = PausedBy(state, grant);
        return new GrantView(grant.Spec)
        {
            Name = grant.Name,
            Status = StatusOf(state, grant),
            Created = Time(grant.CreatedMs),
            LastUsed = Time(uses.OfMs(state, grant)),
            Origin = Origins.Of(state, ControlKinds.Grants, grant.Name),
            Via = grant.OAuth is null ? null : "oauth",
            Client = grant.OAuth?.ClientName,
            ClientId = grant.OAuth?.ClientId,
            AllowedBy = grant.OAuth?.Operator,
            PausedBy = pausedBy.Count > 0 ? pausedBy : null,
            Pause = PauseView.Of(state.Pauses.OfGrant(grant.Name)),
            PreviousTokenUntil = grant.Previous is { } previous && previous.UntilMs > nowMs
                ? Time(previous.UntilMs)
                : null,
        };
    }

    private static bool IsPaused(ControlState state, GrantDefinition grant) =>
        grant.IsPaused || state.Pauses.OfGrant(grant.Name) is not null;

    private static List<string> PausedBy(ControlState state, GrantDefinition grant)
    {
        var all = new List<string>();
        if (IsPaused(state, grant))
            all.Add(OfGrant);
        if (state.Pauses.Gateway is not null)
            all.Add(OfGateway);
        all.AddRange(grant.Servers.Keys
            .Where(server => state.Pauses.OfServer(server) is not null).Select(static server => $"server {server}"));
        return all;
    }

    /// <summary>
    /// Returns the state for the record of a change: only the operator's settings, without volatile values.
    /// </summary>
    public byte[] Json(ControlState state, GrantDefinition grant) => JsonSerializer.SerializeToUtf8Bytes(
        Of(state with { Pauses = Pauses.None }, grant) with { LastUsed = null }, GrantJson.Default.GrantView);

    /// <summary>
    /// Returns the addresses for agents by server name: the public one, or the one at which this process serves them.
    /// Empty if all servers are one to the grant's client, because its tokens are not valid for single servers.
    /// </summary>
    public Dictionary<string, string> Urls(HttpRequest request, ControlState state, GrantDefinition grant)
    {
        if (grant.OAuth is { IsOfAll: true })
            return [];
        var root = Root(request, state);
        return grant.Servers.Keys.ToDictionary(
            static server => server,
            server => state.Objects.Servers.GetValueOrDefault(server)?.Host is { } host
                && state.Config.OAuth is { } oauth
                    ? $"{oauth.AddressOf(host)}/mcp" : $"{root}/mcp/{state.Names.Shown(server)}",
            StringComparer.Ordinal);
    }

    /// <summary>
    /// Returns the single address of all servers; null if there is one server, or if tokens are for one server.
    /// </summary>
    public string? UrlOfAll(HttpRequest request, ControlState state, GrantDefinition grant) =>
        grant.OAuth?.IsOfAll ?? grant.Servers.Count > 1 ? $"{Root(request, state)}/mcp" : null;

    private string Root(HttpRequest request, ControlState state) =>
        (state.Config.PublicUrl ?? state.Config.OAuth?.Address ?? edge.AgentAddress(request))
            .GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static DateTimeOffset? Time(long? unixMs) =>
        unixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
