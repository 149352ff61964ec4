using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Counters;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Documents;
using Gateway.Policy.Problems;
using Gateway.Policy.Reviewing;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Budgets;

/// <summary><c>/budgets</c>: manages the limits that policies, services and domains share by name.</summary>
internal sealed class SharedBudgetRoutes(
    ControlChanges changes, SnapshotUpdater control, CounterRoutes counters, ProcessClock clock) : IAdminRoutes
{
    private const string Kind = ControlKinds.Budgets;
    private const string Noun = "budget";
    private const int ConsumersMax = 100;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/budgets", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists the budgets that policies, services and domains share, with their use.")
            .Produces<PageView<SharedBudgetView>>();
        api.MapGet("/budgets/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a budget with its use, its users and the time at which it will be exhausted.")
            .Produces<SharedBudgetView>();
        api.MapPut("/budgets/{name}", (AdminCall call) => SetAsync(call, PutAsync)).Requires(Permissions.Edit)
            .WithSummary("Creates or replaces a budget; the count of its current window stays.")
            .Takes(static () => BudgetJson.Default.BudgetSpec).Produces<SharedBudgetView>().NeedsVersion();
        api.MapPatch("/budgets/{name}", (AdminCall call) => SetAsync(call, PatchAsync)).Requires(Permissions.Edit)
            .WithSummary("Changes a budget by a JSON merge patch; the count of its current window stays.")
            .Takes(static () => BudgetJson.Default.BudgetSpec).Produces<SharedBudgetView>().NeedsVersion();
        api.MapPost("/budgets/{name}/top-ups", (AdminCall call) => SetAsync(call, TopUpAsync))
            .Requires(Permissions.Edit)
            .WithSummary("Raises the maximum of a budget until a time; the count of its current window stays.")
            .Takes(static () => BudgetJson.Default.TopUpSpec).Produces<SharedBudgetView>().NeedsVersion();
        api.MapDelete("/budgets/{name}", DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Removes a budget that is not named by any policy.").Produces(204).NeedsVersion();
    }

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var page = Pages.Cut(
            call.Request, call.State.Objects.Budgets.Values, static budget => budget.Name);
        var views = new List<SharedBudgetView>(page.Items.Count);
        foreach (var budget in page.Items)
            views.Add(await ViewAsync(call, call.State, budget, isOne: false));
        return AdminResponse.Ok(
            new PageView<SharedBudgetView>(views, page.Next), BudgetJson.Default.PageViewSharedBudgetView);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call) =>
        call.State.Objects.Budgets.TryGetValue(call.Name, out var budget)
            ? AdminResponse.Ok(
                await ViewAsync(call, call.State, budget, isOne: true), BudgetJson.Default.SharedBudgetView,
                Origins.Version(call.State, Kind, call.Name))
            : NotFound(call);

    private async Task<AdminResponse> SetAsync(
        AdminCall call, Func<AdminCall, ControlDocument?, ValueTask<(byte[]? Body, AdminResponse? Problem)>> read)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned(Noun, call.Name);
        if (!EntityName.IsValid(call.Name))
            return Problems.Invalid($"\"{call.Name}\" is not a valid name for a budget; {EntityName.Rule}.");
        var key = new ControlKey(Kind, call.Name);
        var old = call.State.Documents.Find(key);
        var (body, unread) = await read(call, old);
        if (body is null)
            return unread!;
        if (Check(call.State, call.Name, body, out var budget) is { } wrong)
            return wrong;
        if (old is not null && ControlChanges.CheckVersion(call, old) is { } stale)
            return stale;
        var (version, problem) = await changes.MakeAsync(
            call, Change(old, key, BudgetDocument.Write(budget!, clock.NowMs())));
        if (problem is not null)
            return problem;
        if (!control.State.Objects.Budgets.TryGetValue(call.Name, out var now))
            return Problems.Changed;
        var view = await ViewAsync(call, control.State, now, isOne: true);
        return old is null
            ? AdminResponse.Created(
                view, BudgetJson.Default.SharedBudgetView, $"{AdminRoute.Root}/budgets/{call.Name}", version)
            : AdminResponse.Ok(view, BudgetJson.Default.SharedBudgetView, version);
    }

    private static ValueTask<(byte[]? Body, AdminResponse? Problem)> PutAsync(AdminCall call, ControlDocument? old) =>
        call.ReadAsync();

    private static async ValueTask<(byte[]? Body, AdminResponse? Problem)> PatchAsync(
        AdminCall call, ControlDocument? old)
    {
        if (old is null)
            return (null, NotFound(call));
        var (patch, unread) = await call.ReadPatchAsync(BudgetJson.Default.BudgetSpec);
        return patch is null ? (null, unread)
            : Present(old) is { } present ? (Body(MergePatch.Apply(present, patch)), null)
            : (null, Unreadable(call));
    }

    /// <summary>Returns the budget of the request with one more top-up, whose end is an instant.</summary>
    private async ValueTask<(byte[]? Body, AdminResponse? Problem)> TopUpAsync(AdminCall call, ControlDocument? old)
    {
        if (old is null)
            return (null, NotFound(call));
        var (body, unread) = await call.ReadAsync();
        if (body is null)
            return (null, unread);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        if (BudgetReader.LoadTopUp(body, now, out var problems) is not { } topUp)
            return (null, Invalid("top-up", problems));
        if (Present(old) is not { } present)
            return (null, Unreadable(call));
        if (present["topUps"] is not JsonArray topUps)
            present["topUps"] = topUps = [];
        topUps.Add(JsonSerializer.SerializeToNode(TopUpSpec.Of(topUp), BudgetJson.Default.TopUpSpec));
        return (Body(present), null);
    }

    private static JsonObject? Present(ControlDocument old) => JsonNode.Parse(old.Content.Span) as JsonObject;

    private static byte[] Body(JsonObject budget) =>
        JsonSerializer.SerializeToUtf8Bytes(budget, AnswerJson.Default.JsonObject);

    private static AdminResponse Unreadable(AdminCall call) =>
        Problems.Invalid($"The budget \"{call.Name}\" cannot be read. Set the budget again.");

    private static AdminResponse Invalid(string what, IEnumerable<PolicyProblem> problems)
    {
        List<ProblemPlace> errors =
        [
            .. problems.Where(static one => one.Severity == ProblemSeverity.Error)
                .Select(static one => new ProblemPlace("error", one.Pointer, one.Message)),
        ];
        return Problems.Invalid($"The {what} is not valid: {errors[0].Message}.", errors);
    }

    private Task<AdminResponse> DeleteAsync(AdminCall call) => changes.RemoveAsync(
        call, Kind, Noun, static document => document.Content.ToArray(), () => Users(call.State, call.Name),
        "policies");

    /// <summary>Returns the problem with this document for a budget; null if there is none.</summary>
    public static AdminResponse? Check(ControlState state, string name, byte[] document, out Budget? budget)
    {
        budget = BudgetReader.Load(name, document, out var problems);
        if (budget is null)
            return Invalid(Noun, problems);

        if (budget.IsKeyed && Users(state, name) is { Count: > 0 } users)
        {
            const string reason = "a policy gives no key";
            return Problems.Invalid(
                $"The policies {string.Join(", ", users)} could not charge the budget: {reason}.",
                [new ProblemPlace("error", "/keyed", reason)]);
        }

        return null;
    }

    /// <summary>Returns the change that writes the document of a budget.</summary>
    public static DocumentChange Change(ControlDocument? old, ControlKey key, byte[] content) => new(
        old is null ? "create" : "replace", key, old?.Version ?? 0, content, old?.Content.ToArray(), content)
    {
        Changes = old is null ? null :
        [
            .. DocumentChanges.Between(old.Content.Span, content)
                .Where(static one => !one.Contains(" /topUps", StringComparison.Ordinal)),
            .. TopUps(content).Except(TopUps(old.Content.Span))
                .Select(static one => DocumentChanges.AddedTopUp + one),
            .. TopUps(old.Content.Span).Except(TopUps(content))
                .Select(static one => $"remove the top-up of {one}"),
        ],
    };

    /// <summary>Returns the top-ups of a document in words, with their reasons.</summary>
    private static List<string> TopUps(ReadOnlySpan<byte> content) =>
    [
        .. ((JsonNode.Parse(content) as JsonObject)?["topUps"] as JsonArray ?? [])
            .Select(static one => $"{one?["by"]} until {one?["until"]}: {one?["reason"]}"),
    ];

    /// <summary>Returns the policies that charge a budget, with the candidates for them.</summary>
    public static List<string> Users(ControlState state, string budget) =>
    [
        .. state.Objects.Policies.Concat(state.Stored.Policies)
            .Where(policy => policy.Value.Policy.Budgets.Contains(budget)).Select(static policy => policy.Key)
            .Concat(state.Objects.Candidates.Values
                .Where(candidate => candidate.Policy?.Budgets.Contains(budget) == true)
                .Select(static candidate => candidate.Name))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private async Task<SharedBudgetView> ViewAsync(AdminCall call, ControlState state, Budget budget, bool isOne)
    {
        var use = await counters.OfBudgetAsync(budget, call.Aborted);
        var policies = Users(state, budget.Name);
        return BudgetSpec.Of(
            budget,
            new SharedBudgetView
            {
                Name = budget.Name,
                Origin = Origins.Of(state, Kind, budget.Name),
                Status = new BudgetStatusView(
                    use.Used, use.Max == budget.Max.ToString() ? null : use.Max, use.Remaining,
                    BudgetView.Of(use).UsedRatio, use.ResetAt, use.ExhaustedAt, use.Problem,
                    policies,
                    isOne && policies.Count > 0 ? Consumers(state, budget, policies) : null),
            },
            clock.NowMs());
    }

    private static List<string> Consumers(ControlState state, Budget budget, List<string> policies)
    {
        var charging = policies.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. state.Objects.Grants.Values
                .Where(grant => budget.AdmitsGrant(grant.Name)
                    && grant.Servers.Values.Any(policy => policy is not null && charging.Contains(policy)))
                .Select(static grant => grant.Name).Take(ConsumersMax).Order(StringComparer.Ordinal),
        ];
    }

    private static AdminResponse NotFound(AdminCall call) =>
        Problems.NotFound(Noun, call.Name, call.State.Objects.Budgets.Keys);
}
