using Gateway.Admin.Answers;
using Gateway.Admin.Counters;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Servers;
using Gateway.Catalogue.Listing;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Upstreams.Pool;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Access;

/// <summary>
/// <c>/grants/{name}/access</c>: shows each tool with its decision, and the remaining amount of each limit.
/// </summary>
internal sealed class AccessRoutes(
    CounterRoutes counters, ToolCatalogue catalogue, UpstreamPool upstreams, PinnedTools pinned,
    ProcessClock clock) : IAdminRoutes
{
    /// <summary>
    /// The maximum number of servers to query for one response. A grant that reaches more requires a request for each
    /// server.
    /// </summary>
    private const int ServersMax = 20;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/grants/{name}/access", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows what a grant may do with each tool, and what is left of its limits.")
            .Produces<AccessView>()
            .WithQuery(
                ("server", "Only tools of this server."),
                ("tools", "false: do not query servers; show only the limits."));
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (!call.State.Objects.Grants.TryGetValue(call.Name, out var grant))
            return Problems.NotFound("grant", call.Name, call.State.Objects.Grants.Keys);
        var only = call.Wanted("server");
        if (only is not null && !grant.Servers.ContainsKey(only))
            return Problems.NotFound("server", only, grant.Servers.Keys);
        var asks = call.Request.Query["tools"] != "false";
        var servers = grant.Servers.Where(one => only is null || one.Key == only)
            .Select((one, place) => asks ? ToolsAsync(call, grant, one.Key, one.Value, place)
                : Task.FromResult(new ServerAccessView(one.Key, one.Value, null)));
        var view = new AccessView(
            grant.Name,
            await Task.WhenAll(servers),
            await counters.OfGrantAsync(grant.Name, call.Aborted),
            grant.OAuth is null ? null : ClientAccess.Of(
                call.State.Documents, grant, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs())));
        return AdminResponse.Ok(view, AccessJson.Default.AccessView);
    }

    private async Task<ServerAccessView> ToolsAsync(
        AdminCall call, GrantDefinition grant, string name, string? policy, int place)
    {
        if (place >= ServersMax)
        {
            return new(
                name, policy, null,
                Problem: $"The server was not queried: one request queries at most {ServersMax} servers. Add "
                    + $"server={name}.");
        }

        if (!call.State.Objects.Servers.TryGetValue(name, out var server))
            return new(name, policy, null, Problem: "The server no longer exists.");
        try
        {
            var inventory = await catalogue.ListAsync(server, upstreams.Get(server), call.Aborted);
            var view = ToolsView.Of(name, inventory, grant, call.State, pinned);
            var tools = view.Tools.Select(static tool => new ToolAccessView(
                tool.Name, tool.Category, tool.RiskLevel, tool.Outcome!, tool.Rule!, tool.Limits));
            return new(name, policy, [.. tools], inventory.Note);
        }
        catch (CatalogueException e)
        {
            return new(name, policy, null, Problem: e.Message);
        }
    }
}
