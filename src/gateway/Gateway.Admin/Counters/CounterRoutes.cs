using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Identity.Records;
using Gateway.Identity.Roles;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Decisions;

namespace Gateway.Admin.Counters;

/// <summary><c>/counters</c>: what the grants have used, and a fresh start for one.</summary>
internal sealed class CounterRoutes(
    ControlChanges changes, SnapshotHolder snapshots, ILimiter limiter, ProcessClock clock)
{
    // The least that can be counted: a look at its room is a look at the counter.
    private static readonly Amount Least = Amount.FromNano(1);

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/counters", Permissions.Read,
            "Shows the counters of the grants in force, and the places of their calls in flight.", ListAsync)
        {
            Gives = () => CounterJson.Default.PageViewCounterView,
            Query =
            [
                ("grant", "Only this grant's."), ("server", "Only this server's."), ("key", "Only this one."),
            ],
        },
        new("POST", "/counters/reset", Permissions.Edit,
            "Lets a counter begin anew; what was counted stays on record.", ResetAsync)
        {
            Takes = () => CounterJson.Default.CounterReset, Gives = () => CounterJson.Default.CounterView,
        },
    ];

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var page = Pages.Cut(call.Request, Find(call), static counter => counter.Cost.Cost.Key.Text);
        var views = new List<CounterView>(page.Items.Count);
        foreach (var counter in page.Items)
            views.Add(await LookAsync(counter, call.Aborted));
        return AdminResponse.Ok(
            new PageView<CounterView>(views, page.Next), CounterJson.Default.PageViewCounterView);
    }

    /// <summary>The counters of a grant as they stand, by key.</summary>
    public async Task<List<CounterView>> OfGrantAsync(string grant, CancellationToken cancellationToken)
    {
        var views = new List<CounterView>();
        foreach (var counter in Counters().Where(counter => counter.Grant == grant)
            .OrderBy(static counter => counter.Cost.Cost.Key.Text, StringComparer.Ordinal).Take(Pages.LimitMax))
        {
            views.Add(await LookAsync(counter, cancellationToken));
        }

        return views;
    }

    private async Task<AdminResponse> ResetAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(CounterJson.Default.CounterReset);
        if (input is null)
            return unreadable!;
        if (!CounterKeyReader.TryRead(input.Key, out var key))
            return Problems.Invalid($"\"{input.Key}\" is no counter's key; GET {AdminRoute.Root}/counters shows them.");
        if (!key!.Kind.BeginsAnew)
        {
            return Problems.Invalid(
                "Places of calls in flight are not reset: one comes free when its call is answered, at the latest half "
                + "a minute after its gateway has ended.");
        }

        if (key.Scope == LimitScope.Service)
        {
            return Problems.Invalid(
                "A budget is not reset, since others are charged to it too: wait until its window ends, or give it "
                + "another \"max\" in the gateway's configuration.");
        }

        var document = new ControlKey(ControlKinds.Generations, CounterGenerations.IdentityOf(key));
        var old = call.State.Documents.Find(document);
        var generation = old is null ? 0 : JsonSerializer.Deserialize(
            old.Content.Span, ControlJsonContext.Default.GenerationDocument)!.Generation;
        var next = ControlJsonContext.Write(
            new GenerationDocument(generation + 1), ControlJsonContext.Default.GenerationDocument);
        var (_, problem) = await changes.MakeAsync(
            call, new DocumentChange("reset", document, old?.Version ?? 0, next, old?.Content.ToArray(), next));
        if (problem is not null)
            return problem;
        var now = Counters().FirstOrDefault(
            counter => CounterGenerations.IdentityOf(counter.Cost.Cost.Key) == document.Name);
        return now is null
            ? AdminResponse.NoContent
            : AdminResponse.Ok(await LookAsync(now, call.Aborted), CounterJson.Default.CounterView);
    }

    private IEnumerable<Limited> Find(AdminCall call)
    {
        var (grant, server, key) = (call.Wanted("grant"), call.Wanted("server"), call.Wanted("key"));
        return Counters().Where(counter =>
            (grant is null || counter.Grant == grant)
            && (server is null || counter.Server == server)
            && (key is null || counter.Cost.Cost.Key.Text == key));
    }

    private IEnumerable<Limited> Counters() =>
        from grant in snapshots.Current.Grants.Values
        where !grant.IsPrevious
        from binding in grant.Bindings
        where binding.Value.PolicyName is not null
        from cost in binding.Value.Policy.Counters
        select new Limited(grant.Name, binding.Key, binding.Value.PolicyName!, cost);

    private async Task<CounterView> LookAsync(Limited counter, CancellationToken cancellationToken)
    {
        var cost = counter.Cost;
        var look = new LimitRequest(CallId.New(), clock.NowMs(), [cost.Cost with { Cost = Least }]);
        var seen = await limiter.PeekAsync(look, cancellationToken);
        Amount? used = null, remaining = null;
        long resetAtMs = 0;
        if (seen.Permit is { Parts: [var part] })
        {
            // Nothing is taken by a look, so what stands after it is what stood before.
            (used, remaining, resetAtMs) = (part.UsedAfter, part.RemainingAfter, part.ResetAtMs);
        }
        else if (seen.Refusal is { Kind: RefusalKind.NoRoom } full)
            (used, remaining, resetAtMs) = (full.Used, full.Remaining, full.ResetAtMs);

        return new CounterView(
            cost.Cost.Key.Text,
            cost.Cost.Key.Scope == LimitScope.Server ? null : counter.Grant,
            counter.Server,
            cost.Counter,
            counter.Policy,
            cost.Rule,
            cost.WindowText,
            cost.Cost.Max.ToString(),
            used?.ToString(),
            remaining?.ToString(),
            resetAtMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(resetAtMs),
            used is null ? seen.Refusal?.Reason : null);
    }

    private sealed record Limited(string Grant, string Server, string Policy, DecisionCost Cost);
}
