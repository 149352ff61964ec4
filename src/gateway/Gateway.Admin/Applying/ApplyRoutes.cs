using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Grants;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Policies;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Applying;

/// <summary><c>/apply</c>: brings the store to the state that documents describe.</summary>
internal sealed class ApplyRoutes(
    ApplyPlanner planner, ControlChanges changes, PolicyVersions versions, IControlStore store) : IAdminRoutes
{
    private const string UsualOwner = "default";
    private const string PruneSelected = "selected";
    private const string AlertsSuffix = "/alerts";

    // Objects that others refer to are deleted last.
    private static readonly string[] DeletionOrder =
        [
            ControlKinds.Alerts, ControlKinds.Grants, ControlKinds.Policies, ControlKinds.Lists, ControlKinds.Budgets,
            ControlKinds.Servers,
        ];

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/apply", ApplyAsync).Requires(Permissions.Edit)
            .WithSummary("Applies documents that describe servers, policies, lists, budgets, grants and alert "
                + "rules: all of them, or nothing if one is invalid.")
            .Takes(static () => ApplyJson.Default.ApplyInput).Produces<ApplyView>()
            .WithQuery(
                ("dryRun", "true: report what would change, and change nothing."),
                ("prune", "true: delete objects that earlier documents of this owner created and that these no longer "
                    + "describe; selected: of these, delete only grants that the selector matches."),
                ("selector", "With prune=selected: the labels of the grants to delete, such as "
                    + "team=support,env!=prod."),
                ("owner", "The owner of the documents; \"default\" if omitted."),
                ("force", "true: also apply policies with failing tests."));
    }

    private async Task<AdminResponse> ApplyAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(ApplyJson.Default.ApplyInput);
        if (input is null)
            return unreadable!;
        var owner = call.Wanted("owner") ?? UsualOwner;
        if (!EntityName.IsValid(owner))
            return Problems.Invalid($"\"owner\" is not a valid name; {EntityName.Rule}.");
        var mark = new ControlKey(ControlKinds.Applied, owner);
        var made = Marks(mark).SelectMany(one => Made(call.State.Documents.Find(one))).ToList();
        var described = Described(input).ToHashSet(StringComparer.Ordinal);
        if (GrantRoutes.SelectorOf(call, out var selector) is { } wrong)
            return wrong;
        // The parameter has a value of its own, because an earlier release ignores the selector: with prune=true it
        // would delete objects that are not selected.
        var prune = call.Wanted("prune");
        if (prune == PruneSelected != selector is not null)
        {
            return Problems.Unreadable($"\"selector\" and prune={PruneSelected} go together: send both to delete only "
                + "selected grants, or neither.");
        }

        var pruned = prune is "true" or PruneSelected
            ? made.Where(key => !described.Contains(key) && (selector is null || IsSelected(call.State, selector, key)))
                .OrderBy(static key => Array.IndexOf(DeletionOrder, key[..key.IndexOf('/', StringComparison.Ordinal)]))
                .ToList()
            : [];
        var plan = await planner.MakeAsync(call, input, pruned);
        if (plan.Errors.Count > 0)
            return Problems.Invalid("Nothing was applied.", plan.Errors);
        var isDry = call.Wanted("dryRun") == "true";
        if (isDry)
            plan.Tokens.Clear();
        else if (await MakeAsync(call, plan, mark, pruned) is { } problem)
            return problem;
        return AdminResponse.Ok(
            new ApplyView(isDry, [.. plan.Changes.Select(static change => change.Shown)], plan.Warnings, plan.Tokens),
            ApplyJson.Default.ApplyView);
    }

    // A grant that cannot be read is not selected: its labels are unknown.
    private static bool IsSelected(ControlState state, LabelSelector selector, string key) =>
        key.StartsWith($"{ControlKinds.Grants}/", StringComparison.Ordinal)
        && state.Stored.Grants.TryGetValue(key[(ControlKinds.Grants.Length + 1)..], out var grant)
        && selector.IsMetBy(grant.Notes?.Labels);

    private async Task<AdminResponse?> MakeAsync(
        AdminCall call, ApplyPlan plan, ControlKey mark, List<string> pruned)
    {
        var wanted = plan.Changes.Where(static change => change.Made is not null)
            .Select(static change => change.Made!).ToList();
        if (wanted.Count == 0 && pruned.Count == 0)
            return null;
        foreach (var policy in wanted.Where(static change => change.Key.Kind == ControlKinds.Policies))
        {
            if (call.State.Documents.Find(policy.Key) is { } old)
                await versions.KeepAsync(old);
        }

        // The owner is recorded before the changes, so that an interrupted apply leaves no object that no prune would
        // delete. An object that existed before belongs to somebody else.
        var created = plan.Changes.Where(static change => change.Shown.Action == ApplyPlan.Create)
            .Select(static change => change.Shown.Object).ToList();
        await MarkAllAsync(mark, created, []);
        var (done, problem) = await changes.MakeAllAsync(call, mark, wanted);
        var undone = wanted.Skip(done).Select(static change => change.Key.ToString()).ToHashSet(StringComparer.Ordinal);
        await MarkAllAsync(
            mark, [.. created.Where(key => !undone.Contains(key))],
            [.. pruned.Where(key => !undone.Contains(key)), .. created.Where(undone.Contains)]);
        return problem;
    }

    /// <summary>
    /// Returns the documents that name an owner's objects. Alert rules have one of their own: the previous release
    /// cannot prune them, and its prune would fail on their names.
    /// </summary>
    private static ControlKey[] Marks(ControlKey mark) => [mark, new ControlKey(mark.Kind, mark.Name + AlertsSuffix)];

    private async Task MarkAllAsync(ControlKey mark, List<string> added, List<string> removed)
    {
        foreach (var one in Marks(mark))
        {
            await MarkAsync(
                one, [.. added.Where(key => IsAlert(key) == (one != mark))],
                [.. removed.Where(key => IsAlert(key) == (one != mark))]);
        }
    }

    private static bool IsAlert(string key) => key.StartsWith($"{ControlKinds.Alerts}/", StringComparison.Ordinal);

    /// <summary>Adds objects to those of an owner, and removes others from them.</summary>
    /// <remarks>Another apply of the same owner may run concurrently.</remarks>
    private async Task MarkAsync(ControlKey mark, IReadOnlyList<string> added, IReadOnlyList<string> removed)
    {
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var old = (await store.ReadAsync(CancellationToken.None)).Find(mark);
            var before = Made(old);
            string[] after = [.. before.Except(removed).Union(added).Order(StringComparer.Ordinal)];
            if (after.SequenceEqual(before))
                return;
            var content = JsonSerializer.SerializeToUtf8Bytes(
                new AppliedDocument(after), ApplyJson.Default.AppliedDocument);
            if ((await store.WriteAsync(mark, old?.Version ?? 0, content, CancellationToken.None)).IsWritten)
                return;
        }

        throw WriteAttempts.Exceeded($"{mark}");
    }

    private static IReadOnlyList<string> Made(ControlDocument? mark)
    {
        try
        {
            return mark is null ? []
                : JsonSerializer.Deserialize(mark.Content.Span, ApplyJson.Default.AppliedDocument)?.Objects ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Described(ApplyInput input) =>
    [
        .. input.Servers.Keys.Select(static name => $"{ControlKinds.Servers}/{name}"),
        .. input.Policies.Keys.Select(static name => $"{ControlKinds.Policies}/{name}"),
        .. input.Lists.Keys.Select(static name => $"{ControlKinds.Lists}/{name}"),
        .. input.Budgets.Keys.Select(static name => $"{ControlKinds.Budgets}/{name}"),
        .. input.Grants.Keys.Select(static name => $"{ControlKinds.Grants}/{name}"),
        .. input.Alerts.Keys.Select(static name => $"{ControlKinds.Alerts}/{name}"),
    ];
}
