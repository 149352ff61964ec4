using Gateway.Admin.Answers;
using Gateway.Admin.Clients;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Grants;

/// <summary><c>/grants/{name}/clients</c>: the output of <c>gateway grant show-config</c>.</summary>
internal sealed class GrantClients(GrantViews views) : IAdminRoutes
{
    private const string TokenPlace = "<token>";

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/grants/{name}/clients", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows the configuration of MCP clients for a grant.").Produces<PageView<ClientsView>>();
    }

    private Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        call.State.Objects.Grants.TryGetValue(call.Name, out var grant)
            ? AdminResponse.Ok(
                new PageView<ClientsView>(
                [
                    .. Addresses(call, grant).Select(pair => new ClientsView(
                        pair.Key, pair.Value,
                        [
                            .. ClientSnippets.For(
                                pair.Key, new Uri(pair.Value), TokenPlace, client: null,
                                call.State.Config.OAuth?.Issuer),
                        ])),
                ], null),
                ClientsJson.Default.PageViewClientsView)
            : Problems.NotFound("grant", call.Name, call.State.Objects.Grants.Keys));

    /// <summary>
    /// Returns the address of each server, or the single address if a client signed in for all servers as one.
    /// </summary>
    private Dictionary<string, string> Addresses(AdminCall call, GrantDefinition grant) =>
        grant.OAuth is { IsOfAll: true } && views.UrlOfAll(call.Request, call.State, grant) is { } all
            ? new(StringComparer.Ordinal) { [grant.Name] = all }
            : views.Urls(call.Request, call.State, grant);
}
