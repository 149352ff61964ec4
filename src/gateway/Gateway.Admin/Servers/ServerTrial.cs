using Gateway.Admin.Answers;
using Gateway.Catalogue.Listing;
using Gateway.Identity.Roles;
using Gateway.Upstreams.Pool;

namespace Gateway.Admin.Servers;

/// <summary><c>/servers/{name}/test</c>: asks a server for its tools before it is registered.</summary>
internal sealed class ServerTrial(UpstreamPool upstreams, ToolCatalogue catalogue, TimeProvider time)
{
    private const int NamesMax = 20;

    public IEnumerable<AdminRoute> All =>
    [
        new("POST", "/servers/{name}/test", Permissions.Edit,
            "Asks a server for its tools before it is registered, or changed, so.", TryAsync)
        {
            Takes = () => ServerJson.Default.ServerInput, Gives = () => ServerJson.Default.ServerTest,
            Scope = RoleScope.NamedServer,
        },
    ];

    private async Task<AdminResponse> TryAsync(AdminCall call)
    {
        var (input, unread) = await ServerBody.ReadAsync(call);
        if (input is null)
            return unread!;
        var known = call.State.Stored.Servers.GetValueOrDefault(call.Name);
        if (ServerChange.Check(call.Name, input, known, out var server) is { } invalid)
            return invalid;
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
