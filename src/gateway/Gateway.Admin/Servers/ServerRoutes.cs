using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Pausing;
using Gateway.Admin.Records;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Listing;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Upstreams.Http;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Upstreams.Pool;
using Gateway.Proxy.Upstreams.Stdio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Servers;

/// <summary><c>/servers</c>: registers, shows and inspects servers.</summary>
internal sealed class ServerRoutes(
    ControlChanges changes, PauseChanges pauses, ServerChange change, UpstreamPool upstreams,
    InventoryReader catalogue, PinnedTools pinned, ServerStates states) : IAdminRoutes
{
    private const string Kind = ControlKinds.Servers;

    private static readonly Listing<ServerModel> Searched = new(
        static server => server.Name, static server => [server.Name, server.Address, server.Host],
        new Dictionary<string, Func<ServerModel, string>> { ["address"] = static server => server.Address });

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/servers", ListAsync).Requires(Permissions.Read, RoleScope.EachServer)
            .WithSummary("Lists the registered servers.").Produces<PageView<ServerView>>()
            .WithQuery([.. Pages.Query(Searched)]);
        api.MapGet("/servers/{name}", ShowAsync).Requires(Permissions.Read, RoleScope.NamedServer)
            .WithSummary("Shows a server.").Produces<ServerView>();
        api.MapPut("/servers/{name}", PutAsync).Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Registers a server, or changes it.").Takes(static () => ServerJson.Default.ServerInput)
            .Produces<ServerView>().NeedsVersion();
        api.MapPatch("/servers/{name}", PatchAsync).Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Changes a server's configuration by a JSON merge patch.")
            .Takes(static () => ServerJson.Default.ServerInput).Produces<ServerView>().NeedsVersion();
        api.MapGet("/servers/{name}/tools", ToolsAsync).Requires(Permissions.Read, RoleScope.NamedServer)
            .WithSummary("Lists the server's tools as they were last seen.").Produces<ToolsView>()
            .WithQuery(
                ("grant", "Also show what this grant may do with each tool."),
                ("refresh", "true: query the server now."));
        api.MapPost("/servers/{name}/pause", PauseAsync).Requires(Permissions.Pause, RoleScope.NamedServer)
            .Takes(static () => PauseJson.Default.PauseInput)
            .WithSummary("Pauses a server: calls to the server are refused until it is resumed, or until the given "
                + "time.")
            .Produces<ServerView>();
        api.MapPost("/servers/{name}/resume", (AdminCall call) => SetAsync(call, false))
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Resumes a server.").Produces<ServerView>().WithQuery(AdminRoute.Reason);
    }

    private Task<AdminResponse> ListAsync(AdminCall call)
    {
        var all = call.State.Objects.Servers.Values.Where(server => call.May(Permissions.Read, server.Name));
        var page = Pages.Find(call.Request, all, Searched, out var problem);
        var grants = call.State.Objects.Grants.Values.SelectMany(static grant => grant.Servers.Keys)
            .CountBy(static name => name).ToDictionary();
        return Task.FromResult(problem ?? AdminResponse.Ok(
            page!.Select(server => Live(call.State, server) with
            {
                Version = Origins.Version(call.State, Kind, server.Name),
                Grants = grants.GetValueOrDefault(server.Name),
            }),
            ServerJson.Default.PageViewServerView));
    }

    private Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        call.State.Objects.Servers.TryGetValue(call.Name, out var server)
            ? AdminResponse.Ok(Live(call.State, server), ServerJson.Default.ServerView,
                Origins.Version(call.State, Kind, server.Name))
            : Problems.NotFound("server", call.Name, call.State.ServerNamesShown));

    private Task<AdminResponse> PutAsync(AdminCall call) => WriteAsync(call, "replace", ServerBody.ReplacementAsync);

    private Task<AdminResponse> PatchAsync(AdminCall call) => WriteAsync(
        call, "patch", static (call, known) => known is null
            ? Task.FromResult<(ServerWanted?, AdminResponse?)>(
                (null, Problems.NotFound("server", call.Name, call.State.ServerNamesShown)))
            : ServerBody.PatchedAsync(call, known));

    private async Task<AdminResponse> WriteAsync(
        AdminCall call, string action,
        Func<AdminCall, ServerModel?, Task<(ServerWanted? Wanted, AdminResponse? Problem)>> read)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned("server", call.Name);
        if (call.Request.Method == "PUT" && ServerNameRoutes.CheckPut(call) is { } reserved)
            return reserved;
        var known = call.State.Stored.Servers.GetValueOrDefault(call.Name);
        var (wanted, unread) = await read(call, known);
        if (wanted is null)
            return unread!;
        var key = new ControlKey(Kind, call.Name);
        var old = call.State.Documents.Find(key);
        if (old is not null && ControlChanges.CheckVersion(call, old) is { } stale)
            return stale;
        var (document, invalid) = await change.MakeAsync(call, wanted, known, StoredOf(call, known));
        if (document is null)
            return invalid!;
        // A previous server of this name may have left its names, if its deletion was interrupted between two writes.
        if (old is null && ServerNameRoutes.Removal(call.State, call.Name) is { } names
            && await changes.MakeAsync(call, names) is (_, { } left))
        {
            return left;
        }

        var after = View(call.State, change.Read(call.Name, document)!);
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            old is null ? "create" : action, key, old?.Version ?? 0,
            ControlJsonContext.Write(document, ControlJsonContext.Default.ServerDocument),
            known is null ? null : Json(View(call.State, known)), Json(after)));
        if (problem is not null)
            return problem;
        return old is null
            ? AdminResponse.Created(after, ServerJson.Default.ServerView,
                $"{AdminRoute.Root}/servers/{call.Name}", version)
            : AdminResponse.Ok(after, ServerJson.Default.ServerView, version);
    }

    /// <summary>Returns the document of a server that can be read; null if it cannot.</summary>
    public static ServerDocument? StoredOf(AdminCall call, ServerModel? known) => known is null ? null
        : JsonSerializer.Deserialize(
            call.State.Documents.Find(new ControlKey(Kind, call.Name))!.Content.Span,
            ControlJsonContext.Default.ServerDocument);

    private async Task<AdminResponse> PauseAsync(AdminCall call)
    {
        var (details, problem) = await pauses.ReadAsync(call);
        return details is null ? problem! : await SetAsync(call, true, details);
    }

    private async Task<AdminResponse> SetAsync(AdminCall call, bool paused, PauseDetails? details = null)
    {
        if (!call.State.Objects.Servers.TryGetValue(call.Name, out var server))
            return Problems.NotFound("server", call.Name, call.State.ServerNamesShown);
        var (version, problem) = await pauses.SetAsync(call, Pauses.OfServerName(call.Name), paused, details);
        return problem ?? AdminResponse.Ok(Live(pauses.State, server), ServerJson.Default.ServerView, version);
    }

    private async Task<AdminResponse> ToolsAsync(AdminCall call)
    {
        if (!call.State.Objects.Servers.TryGetValue(call.Name, out var server))
            return Problems.NotFound("server", call.Name, call.State.ServerNamesShown);
        GrantDefinition? grant = null;
        if ((string?)call.Request.Query["grant"] is { Length: > 0 } name
            && !call.State.Objects.Grants.TryGetValue(name, out grant))
        {
            return Problems.NotFound("grant", name, call.State.Objects.Grants.Keys);
        }

        try
        {
            var inventory = await catalogue.ReadAsync(server, call.Request.Query.ContainsKey("refresh"), call.Aborted);
            return AdminResponse.Ok(
                ToolsView.Of(server.Name, inventory, grant, call.State, pinned), ServerJson.Default.ToolsView);
        }
        catch (CatalogueException e)
        {
            return Problems.Of(502, "Server did not respond", e.Message);
        }
    }

    private ServerView Live(ControlState state, ServerModel server)
    {
        var status = upstreams.StatusOf(server);
        return View(state, server) with
        {
            Paused = PauseView.Of(state.Pauses.OfServer(server.Name)),
            Health = states.Of(state, server),
            OAuth = OAuthView.Of(server.OAuth, status?.CredentialError),
            Replicas = status is HttpStatus { Replicas: { Count: > 0 } replicas }
                ? [.. replicas.Select(static one => new ReplicaView(one.Url.ToString(), one.Fault))] : null,
            Sse = (status as HttpStatus)?.Sse is { } sse
                ? new SseView(sse.IsDetected, sse.Sessions, sse.SessionsMax) : null,
            Programs = server.Command is { } command
                ? ProgramsView.Of(status as StdioStatus, command.ChildrenMax) : null,
        };
    }

    // The view contains the registration only: the record of a change must not depend on running state.
    private static ServerView View(ControlState state, ServerModel server) =>
        ServerSpec.Members.Copy(server.ToSpec(), new ServerView()) with
        {
            Name = state.Names.Shown(server.Name),
            Url = server.Address,
            Proxy = server.Proxy is { } proxy
            ? new() { Url = proxy.Url is null ? null : proxy.Shown, Resolves = proxy.Resolves } : null,
            Tls = server.Tls,
            HeaderNames = [.. server.HeaderNames],
            Origin = Origins.Of(state, Kind, server.Name),
            OAuth = OAuthView.Of(server.OAuth),
            Aws = AwsView.Of(server.Aws),
            FirstName = state.Names.Shown(server.Name) != server.Name ? server.Name : null,
            FormerNames = state.Names.FormerOf(server.Name) is { Count: > 0 } former ? former : null,
            DetachedCredentials = server.DetachedCredentials.Any() ? [.. server.DetachedCredentials] : null,
        };

    /// <summary>Returns the view of a server for records.</summary>
    public static byte[] Shown(ControlState state, ServerModel server) => Json(View(state, server));

    private static byte[] Json(ServerView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view, ServerJson.Default.ServerView);
}
