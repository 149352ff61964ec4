using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Catalogue.Listing;
using Gateway.Control.Secrets;
using Gateway.Control.Updating;
using Gateway.Proxy.Upstreams.Pool;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Servers;

/// <summary><c>/servers/{name}/test</c>: lists the tools of a server before it is registered.</summary>
internal sealed class ServerTrial(
    ServerChange change, SecretProtector secrets, UpstreamPool upstreams, ToolCatalogue catalogue, TimeProvider time)
    : IAdminRoutes
{
    private const int NamesMax = 20;

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/servers/{name}/test", TryAsync).Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Lists a server's tools before it is registered or changed.")
            .Takes(static () => ServerJson.Default.ServerInput).Produces<ServerTest>();
    }

    private async Task<AdminResponse> TryAsync(AdminCall call)
    {
        var known = call.State.Stored.Servers.GetValueOrDefault(call.Name);
        var (wanted, unread) = await ServerBody.ReplacementAsync(call, known);
        if (wanted is null)
            return unread!;
        var (document, invalid) = await change.MakeAsync(call, wanted, known, ServerRoutes.StoredOf(call, known));
        if (document is null)
            return invalid!;
        // A credential that this operator may not send to this receiver is detached, and nothing is sent without it.
        if (StoredServer.Read(call.Name, document, secrets, out var problem) is not { } server)
            return Problems.Invalid($"The server cannot be tried: {problem}.");
        var began = time.GetTimestamp();
        await using var upstream = upstreams.CreateApart(server);
        try
        {
            var tools = (await catalogue.ListAsync(server, upstream, call.Aborted)).Tools;
            return Answer(new ServerTest(
                true, null, tools.Count, [.. tools.Take(NamesMax).Select(static tool => tool.Name)], Took()));
        }
        catch (CatalogueException e)
        {
            return Answer(new ServerTest(false, e.Message, null, null, Took()));
        }

        long Took() => (long)time.GetElapsedTime(began).TotalMilliseconds;
    }

    private static AdminResponse Answer(ServerTest test) => AdminResponse.Ok(test, ServerJson.Default.ServerTest);
}

/// <summary>The result of a connection test before a server is registered.</summary>
/// <param name="Answers">True if it listed its tools.</param>
/// <param name="Problem">The reason for a failure, and what to check.</param>
/// <param name="Tools">The number of its tools.</param>
/// <param name="Names">The names of the first tools.</param>
/// <param name="Milliseconds">The duration of the test, in milliseconds.</param>
internal sealed record ServerTest(
    bool Answers, string? Problem, int? Tools, IReadOnlyList<string>? Names, long Milliseconds);
