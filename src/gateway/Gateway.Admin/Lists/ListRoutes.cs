using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Policy.Lists;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Lists;

/// <summary>
/// <c>/lists</c>: manages the lists that policies name. A list is replaced, or values are added and removed.
/// </summary>
internal sealed class ListRoutes(ControlChanges changes, SnapshotUpdater control) : IAdminRoutes
{
    private const string Kind = ControlKinds.Lists;
    private const string Noun = "list";

    /// <summary>The maximum number of attempts to change some values despite concurrent changes.</summary>
    private const int AttemptsMax = 10;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/lists", ListAsync).Requires(Permissions.Read)
            .WithSummary("Returns the lists that policies name.").Produces<PageView<ListView>>();
        api.MapGet("/lists/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a list's values.").Produces<ListInput>();
        api.MapPut("/lists/{name}", PutAsync).Requires(Permissions.Edit)
            .WithSummary("Sets a list's values.").Takes(static () => ListJson.Default.ListInput).Produces<ListView>()
            .NeedsVersion();
        api.MapPost("/lists/{name}/add", (AdminCall call) => EditAsync(call, isAdding: true))
            .Requires(Permissions.Edit)
            .WithSummary("Adds values to a list.").Takes(static () => ListJson.Default.ListInput).Produces<ListView>()
            .WithQuery(AdminRoute.Reason);
        api.MapPost("/lists/{name}/remove", (AdminCall call) => EditAsync(call, isAdding: false))
            .Requires(Permissions.Edit)
            .WithSummary("Removes values from a list.").Takes(static () => ListJson.Default.ListInput)
            .Produces<ListView>()
            .WithQuery(AdminRoute.Reason);
        api.MapDelete("/lists/{name}", DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Removes a list that is not named by any policy.").Produces(204).NeedsVersion();
    }

    private static Task<AdminResponse> ListAsync(AdminCall call) => Task.FromResult(AdminResponse.Ok(
        Pages.Cut(
            call.Request,
            call.State.Objects.Lists.Select(list => View(call.State, list.Key, list.Value?.Values.Count)),
            static view => view.Name),
        ListJson.Default.PageViewListView));

    private static Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        !call.State.Objects.Lists.TryGetValue(call.Name, out var list) ? NotFound(call, call.State)
        : list is null ? Unreadable(call.Name)
        : AdminResponse.Ok(
            new ListInput(list.Values), ListJson.Default.ListInput, Origins.Version(call.State, Kind, call.Name)));

    private async Task<AdminResponse> PutAsync(AdminCall call)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned(Noun, call.Name);
        if (!EntityName.IsValid(call.Name))
            return Problems.Invalid($"\"{call.Name}\" is not a valid name for a list; {EntityName.Rule}.");
        var (input, unreadable) = await call.ReadAsync(ListJson.Default.ListInput);
        if (input is null)
            return unreadable!;
        string[] values = [.. input.Values.Distinct(StringComparer.Ordinal)];
        if (Check(call.State, call.Name, values, out var content) is { } wrong)
            return wrong;
        var key = new ControlKey(Kind, call.Name);
        var old = call.State.Documents.Find(key);
        if (old is not null && ControlChanges.CheckVersion(call, old) is { } stale)
            return stale;
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            old is null ? "create" : "replace", key, old?.Version ?? 0, content, Shown(old), content));
        if (problem is not null)
            return problem;
        var view = View(control.State, call.Name, values.Length);
        return old is null
            ? AdminResponse.Created(view, ListJson.Default.ListView, $"{AdminRoute.Root}/lists/{call.Name}", version)
            : AdminResponse.Ok(view, ListJson.Default.ListView, version);
    }

    /// <summary>
    /// Adds or removes values. Concurrent changes stay, because the change is applied on top of them. A change without
    /// effect succeeds, so that requests can be repeated.
    /// </summary>
    private async Task<AdminResponse> EditAsync(AdminCall call, bool isAdding)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned(Noun, call.Name);
        var (input, unreadable) = await call.ReadAsync(ListJson.Default.ListInput);
        if (input is null)
            return unreadable!;
        if (NamedList.Problem(input.Values) is { } wrong)
            return Invalid(wrong);
        var answer = Problems.Changed;
        for (var attempt = 0; attempt < AttemptsMax && answer.Status == Problems.Changed.Status; attempt++)
        {
            // Another change came first, and this process may not have it yet.
            if (attempt > 0)
                await control.RefreshAsync(CancellationToken.None);
            answer = await EditAsync(call, control.State, input.Values, isAdding);
        }

        return answer;
    }

    private async Task<AdminResponse> EditAsync(
        AdminCall call, ControlState state, IReadOnlyList<string> named, bool isAdding)
    {
        var key = new ControlKey(Kind, call.Name);
        if (state.Documents.Find(key) is not { } old)
            return NotFound(call, state);
        if (state.Objects.Lists.GetValueOrDefault(call.Name) is not { } list)
            return Unreadable(call.Name);
        string[] values = isAdding ? [.. list.Values.Union(named)] : [.. list.Values.Except(named)];
        var changed = Math.Abs(values.Length - list.Values.Count);
        if (changed == 0)
            return AdminResponse.Ok(View(state, call.Name, values.Length, 0), ListJson.Default.ListView, old.Version);
        if (Check(state, call.Name, values, out var content) is { } wrong)
            return wrong;
        // The record contains the operator's change only: the complete list would obscure it, and might be too large.
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            isAdding ? "add" : "remove", key, old.Version, content, null, Json(named)));
        return problem ?? AdminResponse.Ok(
            View(control.State, call.Name, values.Length, changed), ListJson.Default.ListView, version);
    }

    private Task<AdminResponse> DeleteAsync(AdminCall call) => changes.RemoveAsync(
        call, Kind, Noun, Shown, () => Users(call.State, call.Name), "policies");

    /// <summary>Returns the problem with these values for a list; null if there is none.</summary>
    public static AdminResponse? Check(ControlState state, string name, string[] values, out byte[] content)
    {
        content = [];
        if (NamedList.Problem(values) is { } found)
            return Invalid(found);

        var after = new NamedLists(new Dictionary<string, NamedList?> { [name] = new(values) });
        foreach (var (policy, use) in Uses(state, name))
        {
            if (after.Problem(use) is { } unfit)
                return Problems.Invalid($"The policy \"{policy}\" could not compare arguments with this list: "
                    + $"{unfit}.");
        }

        content = Json(values);
        return content.Length <= ControlDocument.BytesMax
            ? null
            : Problems.Invalid($"The list has {content.Length} bytes; at most {ControlDocument.BytesMax} are allowed.");
    }

    private static AdminResponse Invalid((int? Index, string Message) found) => Problems.Invalid(
        $"The list is not valid: {found.Message}.",
        found.Index is { } index ? [new ProblemPlace("error", $"/values/{index}", found.Message)] : null);

    private static byte[] Json(IReadOnlyList<string> values) =>
        ControlJsonContext.Write(new ListDocument(values), ControlJsonContext.Default.ListDocument);

    /// <summary>Returns the content for records.</summary>
    private static byte[]? Shown(ControlDocument? document) => document?.Content.ToArray();

    private static IEnumerable<(string Policy, ListUse Use)> Uses(ControlState state, string list) =>
        from policy in state.Objects.Policies.Concat(state.Stored.Policies)
        from use in policy.Value.Policy.Lists
        where use.Name == list
        select (policy.Key, use);

    private static List<string> Users(ControlState state, string list) =>
        [.. Uses(state, list).Select(static use => use.Policy).Distinct().Order(StringComparer.Ordinal)];

    private static ListView View(ControlState state, string name, int? count, int? changed = null) =>
        new(name, count, Origins.Of(state, Kind, name), Users(state, name), changed);

    private static AdminResponse NotFound(AdminCall call, ControlState state) =>
        Problems.NotFound(Noun, call.Name, state.Objects.Lists.Keys);

    private static AdminResponse Unreadable(string name) => Problems.Of(
        StatusCodes.Status409Conflict, "Not readable",
        $"The list \"{name}\" exists but cannot be read, so calls that need the list are denied. Set the list again.");
}
