using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Delegation;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Servers;

/// <summary>
/// <c>/servers/{name}</c>, <c>/servers/{name}/rename</c>: removes and renames servers. A rename changes one document:
/// all state of the server stays under its first name, so no counter restarts and no approval is lost.
/// </summary>
internal sealed class ServerNameRoutes(ControlChanges changes, CallerConnections connections) : IAdminRoutes
{
    private const string Kind = ControlKinds.ServerNames;

    public void Map(RouteGroupBuilder api)
    {
        // A name is reserved for the whole gateway, so a role for one server is not enough.
        api.MapPost("/servers/{name}/rename", RenameAsync).Requires(Permissions.Edit)
            .WithSummary("Gives a server another name. Its counters, approvals, accepted tools, usage and history "
                + "stay, and agents reach it at its former addresses too.")
            .Takes(static () => ServerJson.Default.ServerRenameInput).Produces<ServerRenameView>()
            .WithQuery(("dryRun", "true: report what would change, and change nothing."));
        api.MapDelete("/servers/{name}", DeleteAsync).Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Removes a server that is not used by any grant, and revokes its callers' "
                + "connections.").Produces(204)
            .NeedsVersion();
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        var names = Removal(call.State, call.Name);
        var response = await changes.RemoveAsync(
            call, ControlKinds.Servers, "server",
            _ => call.State.Stored.Servers.TryGetValue(call.Name, out var known)
                ? ServerRoutes.Shown(call.State, known) : null,
            () => [.. call.State.Objects.Grants.Values
                .Where(grant => grant.Servers.ContainsKey(call.Name)).Select(static grant => grant.Name)]);
        if (response.Status != AdminResponse.NoContent.Status)
            return response;
        if (names is not null)
            await changes.MakeAsync(call, names);
        await connections.RemoveAsync(one => one.Connection.Server == call.Name, call.State.Objects.Servers);
        return response;
    }

    private async Task<AdminResponse> RenameAsync(AdminCall call)
    {
        var (input, unread) = await call.ReadAsync(ServerJson.Default.ServerRenameInput);
        if (input is null)
            return unread!;
        var (state, first) = (call.State, call.Name);
        if (Origins.IsProvisioned(state, ControlKinds.Servers, first))
            return Problems.Provisioned("server", first);
        if (!state.Stored.Servers.ContainsKey(first))
            return Problems.NotFound("server", first, state.ServerNamesShown);
        if (Check(state, first, input.Name) is { } refused)
            return refused;
        var names = Names(state, first, input.Name);
        if (names.Former.Count > ServerNames.FormerMax)
        {
            return Problems.Invalid(
                $"The server \"{state.Names.Shown(first)}\" has {ServerNames.FormerMax} former names, which is the "
                + "maximum. Rename the server to one of these names.");
        }

        var view = new ServerRenameView(
            names.Name, first, ServerNames.Others(first, names.Name, names.Former),
            state.Objects.Grants.Values.Count(grant => grant.Servers.ContainsKey(first)),
            call.Wanted("dryRun") == "true");
        if (!view.DryRun)
        {
            var key = new ControlKey(Kind, first);
            var content = ControlJsonContext.Write(names, ControlJsonContext.Default.ServerNamesDocument);
            var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
                "rename", key, state.Documents.Find(key)?.Version ?? 0, content,
                Shown(state.Names.Shown(first)), Shown(names.Name))
            {
                Reason = input.Reason,
                Objects = [$"{ControlKinds.Servers}/{first}"],
                Changes = [$"name {state.Names.Shown(first)} -> {names.Name}"],
            });
            if (problem is not null)
                return problem;
        }

        return AdminResponse.Ok(view, ServerJson.Default.ServerRenameView);
    }

    /// <summary>Returns a refusal if the name in the path of a PUT is a former name of a renamed server.</summary>
    public static AdminResponse? CheckPut(AdminCall call)
    {
        var written = call.Request.Path.Value![(call.Request.Path.Value!.LastIndexOf('/') + 1)..];
        return call.State.Names.FormerOf(call.Name).Contains(written) ? Taken(call.State, written, call.Name) : null;
    }

    /// <summary>
    /// Returns the change that removes the names of a deleted server, so that others can use them; null if it has none.
    /// </summary>
    public static DocumentChange? Removal(ControlState state, string first) =>
        state.Documents.Find(new ControlKey(Kind, first)) is not { } names ? null
            : new DocumentChange(
                "delete", names.Key, names.Version, null, names.Content.ToArray(), null)
            {
                Objects = [$"{ControlKinds.Servers}/{first}"],
            };

    private static AdminResponse? Check(ControlState state, string first, string name)
    {
        if (!EntityName.IsValid(name))
            return Problems.Invalid($"The new name is not valid: {EntityName.Rule}.");

        if (name == state.Names.Shown(first))
            return Problems.Invalid($"The server already has the name \"{name}\".");
        // A name is taken even if its document cannot be read, because the document may be repaired.
        var isTaken = name != first && (state.Objects.Servers.ContainsKey(name)
            || state.Documents.Find(new ControlKey(ControlKinds.Servers, name)) is not null);
        return isTaken ? Taken(state, name, name)
            : state.Names.FirstOf(name) is var owner && owner != name && owner != first ? Taken(state, name, owner)
            : null;
    }

    private static AdminResponse Taken(ControlState state, string name, string owner)
    {
        var now = state.Names.Shown(owner);
        return now == name ? Problems.Exists("server", name) : Problems.Of(
            StatusCodes.Status409Conflict, "Name reserved",
            $"\"{name}\" is a former name of the server \"{now}\", and agents still reach that server by this name. "
            + $"Use \"{now}\" to change that server, or choose a different name.");
    }

    private static ServerNamesDocument Names(ControlState state, string first, string name) => new()
    {
        Name = name,
        Former =
        [
            .. state.Names.FormerOf(first).Append(state.Names.Shown(first))
                .Where(other => other != first && other != name).Distinct(StringComparer.Ordinal),
        ],
    };

    private static byte[] Shown(string name) => JsonSerializer.SerializeToUtf8Bytes(
        new ServerRenameInput { Name = name }, ServerJson.Default.ServerRenameInput);
}

/// <summary>The request to rename a server.</summary>
internal sealed record ServerRenameInput
{
    /// <summary>The new name, or one that the server had before.</summary>
    public required string Name { get; init; }

    /// <summary>The reason, for records.</summary>
    public string? Reason { get; init; }
}

/// <summary>A renamed server.</summary>
/// <param name="Name">The current name; agents reach the server at <c>/mcp/{name}</c>.</param>
/// <param name="FirstName">The name with which the server was registered. Its state is kept under this name.</param>
/// <param name="FormerNames">Its other names. Agents can still use them, and no other server can take them.</param>
/// <param name="Grants">The number of grants that reach it.</param>
/// <param name="DryRun">True if this was a preview and nothing was changed.</param>
internal sealed record ServerRenameView(
    string Name, string FirstName, IReadOnlyList<string> FormerNames, int Grants, bool DryRun);
