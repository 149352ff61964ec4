using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Budgets;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Counters;

/// <summary><c>/counters</c>: lists the counters of grants and budgets, and resets one of them.</summary>
internal sealed class CounterRoutes(
    ControlChanges changes, SnapshotHolder snapshots, ILimiter limiter, ProcessClock clock) : IAdminRoutes
{
    // The smallest possible cost, with which the limiter is queried to read a counter.
    private static readonly Amount Least = Amount.FromNano(1);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/counters", ListAsync).Requires(Permissions.Read)
            .WithSummary("Shows the counters of active grants and budgets, and the places of calls in flight.")
            .Produces<PageView<CounterView>>()
            .WithQuery(
                ("grant", "Only counters of this grant."), ("server", "Only counters of this server."),
                ("key", "Only the counter with this key."), ("budget", "Only counters of this budget."),
                ("budgetKey", "With a keyed budget: the key whose counter is returned."));
        api.MapPost("/counters/reset", ResetAsync).Requires(Permissions.Edit)
            .WithSummary("Resets a counter; the audit log keeps the amount that was counted.")
            .Takes(static () => CounterJson.Default.CounterReset).Produces<CounterView>();
    }

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var page = Pages.Cut(call.Request, Find(call), static counter => counter.Cost.Cost.Key.Text);
        var views = new List<CounterView>(page.Items.Count);
        foreach (var counter in page.Items)
            views.Add(await LookAsync(counter, call.Aborted));
        return AdminResponse.Ok(
            new PageView<CounterView>(views, page.Next), CounterJson.Default.PageViewCounterView);
    }

    /// <summary>Returns the current counters of a grant, by key.</summary>
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

    /// <summary>Returns the counter of all charges to a budget; one without values if each key has its own.</summary>
    public Task<CounterView> OfBudgetAsync(Budget budget, CancellationToken cancellationToken) =>
        LookAsync(Overview(budget, budgetKey: null), cancellationToken);

    private async Task<AdminResponse> ResetAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(CounterJson.Default.CounterReset);
        if (input is null)
            return unreadable!;
        if (!CounterKeyReader.TryRead(input.Key, out var key))
            return Problems.Invalid($"\"{input.Key}\" is not a counter's key. See: GET {AdminRoute.Root}/counters");
        if (!key!.Kind.CanReset)
        {
            return Problems.Invalid(
                "Places of calls in flight cannot be reset: a place becomes free when its call ends, at the latest "
                + "half a minute after its gateway has stopped.");
        }

        if (key.IsOfOneValue)
        {
            return Problems.Invalid(
                $"\"{input.Key}\" is the counter of one person or value and cannot be reset alone: all counters of a "
                + $"limit are reset together. Reset {key.ShownName} instead, as listed by GET "
                + $"{AdminRoute.Root}/counters.");
        }

        var budget = call.State.Objects.Budgets.Values.FirstOrDefault(budget => budget.Owns(key));
        if (key.Scope == LimitScope.Service && budget is null)
        {
            return Problems.Invalid(
                $"\"{input.Key}\" is not a counter of an active budget. See: GET {AdminRoute.Root}/counters");
        }

        var document = new ControlKey(ControlKinds.Generations, CounterGenerations.IdentityOf(key));
        var old = call.State.Documents.Find(document);
        var generation = old is null ? 0 : JsonSerializer.Deserialize(
            old.Content.Span, ControlJsonContext.Default.GenerationDocument)!.Generation;
        var begun = CounterKey.GenerationAfter(generation, clock.TrustedMs());
        var next = ControlJsonContext.Write(
            new GenerationDocument(begun), ControlJsonContext.Default.GenerationDocument);
        var (_, problem) = await changes.MakeAsync(
            call, new DocumentChange("reset", document, old?.Version ?? 0, next, old?.Content.ToArray(), next));
        if (problem is not null)
            return problem;
        var now = budget is not null ? Counted(budget, new CounterKey(
                key.Scope, key.ScopeId, key.Counter, key.Kind, key.Window, begun))
            : Counters().FirstOrDefault(
            counter => CounterGenerations.IdentityOf(counter.Cost.Cost.Key) == document.Name);
        return now is null
            ? AdminResponse.NoContent
            : AdminResponse.Ok(await LookAsync(now, call.Aborted), CounterJson.Default.CounterView);
    }

    private IEnumerable<Limited> Find(AdminCall call)
    {
        var (grant, server, key) = (call.Wanted("grant"), call.Wanted("server"), call.Wanted("key"));
        if (call.Wanted("budget") is { } budget)
            return Budgets(call.State, call.Wanted("budgetKey")).Where(counter => counter.Cost.Counter == budget);
        if (key is not null && CounterKeyReader.TryRead(key, out var read) && Budget.IsCounter(read!))
        {
            // The list contains no counters of keys, but a caller that knows the name of one may see it.
            return call.State.Objects.Budgets.Values.Where(one => one.IsKeyed && one.Owns(read!))
                .Select(one => Counted(one, read!)).Concat(Budgets(call.State, budgetKey: null))
                .Where(counter => counter.Cost.Cost.Key.Text == key && counter.Problem is null);
        }

        // A budget that policies also charge is shown once, unless the counters of one grant or server are requested.
        var all = grant is null && server is null
            ? Counters().Where(static counter => counter.Cost.Cost.Key.Scope != LimitScope.Service)
                .Concat(Budgets(call.State, budgetKey: null))
            : Counters();
        return all.Where(counter =>
            (grant is null || counter.Grant == grant)
            && (server is null || counter.Server == server)
            && (key is null || counter.Cost.Cost.Key.Text == key));
    }

    /// <summary>
    /// Returns all budgets, once each. Of a keyed budget only the counter of a given key is
    /// returned, because the store has only digests of the keys.
    /// </summary>
    private static IEnumerable<Limited> Budgets(ControlState state, string? budgetKey) =>
        state.Objects.Budgets.Values.Select(budget => Overview(budget, budgetKey));

    private static Limited Overview(Budget budget, string? budgetKey) =>
        Counted(budget, budget.CounterOf(budget.IsKeyed ? budgetKey : null)) with
        {
            Problem = budget.IsKeyed && budgetKey is null
                ? "each key has a counter of its own; show one with --budget NAME --budget-key KEY"
                : null,
        };

    private static Limited Counted(Budget budget, CounterKey key) => new(null, "", "", new DecisionCost(
        budget.CostOf(key, Least), JsonPointer.Of(["budgets", budget.Name]), budget.Name,
        budget.Window, budget.WindowText));

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
        if (counter.Problem is { } problem)
        {
            return new CounterView(
                cost.Cost.Key.Text, null, "", cost.Counter, "", cost.Rule, cost.WindowText,
                cost.Cost.MaxAt(clock.NowMs()).ToString(), null, null, null, problem);
        }

        var look = new LimitRequest(CallId.New(), clock.NowMs(), [cost.Cost with { Cost = Least }]);
        var seen = await limiter.PeekAsync(look, cancellationToken);
        Amount? used = null, remaining = null;
        long resetAtMs = 0, exhaustedAtMs = 0;
        if (seen.Permit is { Parts: [var part] })
        {
            // A peek takes nothing, so the values after it are the current ones.
            (used, remaining, resetAtMs) = (part.UsedAfter, part.RemainingAfter, part.ResetAtMs);
            if (part.Key.Kind.IsAligned)
                exhaustedAtMs = ExhaustedAtMs(part, look.NowMs);
        }
        else if (seen.Refusal is { Kind: RefusalKind.NoRoom } full)
            (used, remaining, resetAtMs) = (full.Used, full.Remaining, full.ResetAtMs);
        else
            resetAtMs = seen.Refusal?.ResetAtMs ?? 0;

        return new CounterView(
            cost.Cost.Key.Text,
            cost.Cost.Key.Scope == LimitScope.Server ? null : counter.Grant,
            counter.Server,
            cost.Counter,
            counter.Policy,
            cost.Rule,
            cost.WindowText,
            cost.Cost.MaxAt(look.NowMs).ToString(),
            used?.ToString(),
            remaining?.ToString(),
            resetAtMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(resetAtMs),
            used is null && seen.Refusal is { } refused ? RefusalText.Cause(refused.Reason) : null)
        {
            ExhaustedAt = exhaustedAtMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(exhaustedAtMs),
            Each = cost.Each?.Of,
            EachMax = cost.Each?.Max.ToString(),
        };
    }

    /// <summary>
    /// Returns the time at which the window is exhausted at its rate so far; 0 if that is not before its end.
    /// </summary>
    private static long ExhaustedAtMs(CounterPermit part, long nowMs)
    {
        var (used, elapsedMs) = ((double)part.UsedAfter.Nano, nowMs - part.WindowStartMs);
        if (used <= 0 || elapsedMs <= 0)
            return 0;
        var leftMs = (double)part.RemainingAfter.Nano / used * elapsedMs;
        return leftMs < part.ResetAtMs - nowMs ? nowMs + (long)leftMs : 0;
    }

    /// <param name="Grant">The grant; null for a budget.</param>
    /// <param name="Server">The server; empty for a budget.</param>
    /// <param name="Policy">The policy; empty for a budget.</param>
    /// <param name="Cost">The limit.</param>
    private sealed record Limited(string? Grant, string Server, string Policy, DecisionCost Cost)
    {
        /// <summary>The reason why no counter can be shown; null if one can.</summary>
        public string? Problem { get; init; }
    }
}
