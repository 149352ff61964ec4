using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Connections;

/// <summary><c>/connections</c>: lists, tests and revokes the connections of callers to servers.</summary>
internal sealed class ConnectionRoutes(
    ConnectionStore store, CallerConnections connections, SnapshotHolder snapshots, AccessLog access) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/connections", ListAsync).Requires(Permissions.Read, RoleScope.EachServer)
            .WithSummary("Lists the connections of callers to servers.").Produces<PageView<ConnectionView>>()
            .WithQuery(
                ("server", "Only connections to this server."), ("grant", "Only connections of callers that use this "
                    + "grant."),
                ("subject", "Only connections of callers with this subject."));
        api.MapPost("/connections/{name}/test", TestAsync).Requires(Permissions.Edit, RoleScope.EachServer)
            .WithSummary("Tests a connection: renews its access token if a renewal is due.").Produces<ConnectionTest>();
        api.MapDelete("/connections/{name}", RevokeAsync).Requires(Permissions.Edit, RoleScope.EachServer)
            .WithSummary("Revokes a connection: the gateway deletes its tokens, and revokes them at the authorization "
                + "server if that server supports it. The caller must connect again.")
            .Produces(204);
    }

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var (server, grant, subject) = (call.Wanted("server"), call.Wanted("grant"), call.Wanted("subject"));
        if (server is not null)
            server = call.State.Names.FirstOf(server);
        var all = (await store.AllAsync(call.Aborted)).Where(one =>
            call.May(Permissions.Read, one.Connection.Server)
            && (server is null || one.Connection.Server == server)
            && (grant is null || one.Connection.Grant == grant)
            && (subject is null || one.Connection.Subject == subject)).Select(one => View(call, one));
        return AdminResponse.Ok(
            Pages.Cut(call.Request, all, static view => view.Name),
            ConnectionViewJson.Default.PageViewConnectionView);
    }

    private async Task<AdminResponse> TestAsync(AdminCall call)
    {
        if (await FindAsync(call) is not { } found)
            return Problems.NotFound("connection", call.Name);
        if (!snapshots.Current.Servers.TryGetValue(found.Connection.Server, out var server) || !server.IsPerCaller)
            return Result("its server no longer exists, or no longer uses connections of callers");
        try
        {
            return Result((await connections.FindAsync(server, found.Name, call.Aborted)).Why);
        }
        catch (IOException e)
        {
            return Result(e.Message);
        }

        static AdminResponse Result(string? why) =>
            AdminResponse.Ok(new ConnectionTest(why is null, why), ConnectionViewJson.Default.ConnectionTest);
    }

    private async Task<AdminResponse> RevokeAsync(AdminCall call)
    {
        if (await FindAsync(call) is not { } found)
            return Problems.NotFound("connection", call.Name);
        // The name is a hash of the caller, because an erasure cannot change this record.
        await access.NoteAsync(
            call, $"disconnect {found.Connection.Grant} from {found.Connection.Server}",
            about: $"connections/{found.Name}");
        await connections.RemoveAsync(
            found, snapshots.Current.Servers.GetValueOrDefault(found.Connection.Server), call.Aborted);
        return AdminResponse.NoContent;
    }

    private async ValueTask<StoredConnection?> FindAsync(AdminCall call) =>
        (await store.AllAsync(call.Aborted)).FirstOrDefault(one =>
            one.Name == call.Name && call.May(Permissions.Edit, one.Connection.Server));

    internal static ConnectionView View(AdminCall call, StoredConnection stored)
    {
        var one = stored.Connection;
        return new ConnectionView(
            stored.Name, call.State.Names.Shown(one.Server), one.Grant, one.Issuer, one.Subject,
            one.AuthorizationServer, one.Scope, one.Connected, one.ConnectedBy,
            one.Problem ?? OrphanedConnections.WhyOrphaned(one, call.State));
    }
}
