using Gateway.Acquire.Messages;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Gateway.Policy.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Acquire.Deciding;

/// <summary>
/// Records charges before they take effect, and counts them for <c>gateway usage</c> and the metrics. In usage reports
/// a service takes the place of a grant, and a budget that of a tool.
/// </summary>
internal sealed class ChargeRecorder(
    AuditLog audit, RefusalFold folds, UsageCounts usage, CounterRatios ratios, ProcessClock clock)
{
    /// <summary>
    /// The problem for requests that cannot be recorded; null while the audit log can be written. A request that is
    /// refused here charges nothing.
    /// </summary>
    public AcquireProblem? Fault => audit.IsHealthy ? null : Unrecorded;

    private AcquireProblem Unrecorded => AcquireProblem.Unavailable(
        $"The audit log cannot be written ({audit.Fault ?? "it cannot keep up"}), and no budget is charged without a "
        + "record. Repeat the request with the same id.");

    /// <summary>Records a charge before its numbers are spent; returns a problem if that fails.</summary>
    public async ValueTask<AcquireProblem?> ChargeAsync(WantedCall call, Permit permit) => await audit.RecordAsync(
        (RecordOf(call, UsageCounts.Allowed) with { Permit = permit }).Write(clock.NowMs())) ? null : Unrecorded;

    /// <summary>Counts a charge whose numbers are spent.</summary>
    public void Charged(WantedCall call, Permit permit)
    {
        Count(call.By.Name, call.Costs.Select(static cost => cost.Budget.Name), refusal: null);
        ratios.Note("", "", [], LimitDecision.Admit(permit));
    }

    /// <summary>
    /// Records and counts every decision except a charge; returns a problem if an approval cannot be recorded.
    /// </summary>
    public async ValueTask<AcquireProblem?> DecidedAsync(WantedCall call, AcquireDecision decision)
    {
        if (decision.Answer is { Allowed: true })
        {
            var repeat = RecordOf(call, UsageCounts.Allowed) with { IsRepeated = true };
            return await audit.RecordAsync(repeat.Write(clock.NowMs())) ? null : Unrecorded;
        }

        var category = decision.Problem switch
        {
            null => RefusalCategory.RateLimited,
            { Status: StatusCodes.Status503ServiceUnavailable } => RefusalCategory.Unavailable,
            _ => RefusalCategory.Denied,
        };
        var refused = RecordOf(call, RefusalJson.Name(category)) with
        {
            Reason = decision.Answer?.Reason ?? decision.Problem?.Detail,
        };
        if (decision is { Answer.RefusedBy: { } at, Refusal: { } refusal })
        {
            var budget = call.Costs[at].Budget;
            refused = refused with
            {
                Limit = new RefusedLimit(
                    budget.Name, budget.WindowText, refusal.Max, refusal.Used, refusal.Remaining, refusal.ResetAtMs,
                    RetryAfterMs: null),
            };
            ratios.Note(
                "", "", call.Costs.Select(static cost => cost.Charge).ToArray(), LimitDecision.Refuse(refusal, null));
        }

        Count(call.By.Name, call.Costs.Select(static cost => cost.Budget.Name), category);
        await RecordRefusedAsync(refused, category);
        return null;
    }

    /// <summary>Records and counts a request for budgets that the service may not charge.</summary>
    public async ValueTask ForbiddenAsync(Actor by, AcquireMessage message, AcquireProblem problem)
    {
        var record = new ChargeRecord
        {
            CallId = CallId.New().ToString(),
            By = by,
            Id = message.Id,
            Outcome = RefusalJson.Name(RefusalCategory.Denied),
            Costs = [.. message.Costs.OfType<CostMessage>()
                .Select(static cost => (cost.Budget, (string?)null, (Amount?)null))],
            Reason = problem.Detail,
        };
        // A service chooses names that no budget has, so they are not counted under their own names.
        Count(by.Name, [UsageCounts.Other], RefusalCategory.Denied);
        await RecordRefusedAsync(record, RefusalCategory.Denied);
    }

    /// <summary>Records a return before it takes effect; returns a problem if that fails.</summary>
    public async ValueTask<AcquireProblem?> ReturnAsync(
        Actor by, string id, IReadOnlyList<(string Budget, string? Counter, Amount? Cost)> costs)
    {
        var record = new ChargeRecord
        {
            CallId = CallId.New().ToString(),
            By = by,
            Id = id,
            Outcome = ChargeRecord.Returned,
            Costs = costs,
        };
        return await audit.RecordAsync(record.Write(clock.NowMs())) ? null : Unrecorded;
    }

    private static ChargeRecord RecordOf(WantedCall call, string outcome) => new()
    {
        CallId = CallId.New().ToString(),
        By = call.By,
        Id = call.Id,
        Outcome = outcome,
        Costs = [.. call.Costs.Select(
            static cost => (cost.Budget.Name, (string?)cost.Counter.Text, (Amount?)cost.Cost))],
    };

    /// <summary>Records a refusal, which stays a refusal if that fails. Floods are folded, as with calls.</summary>
    private async ValueTask RecordRefusedAsync(ChargeRecord record, RefusalCategory category)
    {
        var nowMs = clock.NowMs();
        var first = record.Costs is [var (budget, _, _), ..] ? budget : "";
        var rule = JsonPointer.Of(["budgets", record.Limit?.Counter ?? first]);
        if (!folds.Takes(ChargeRecord.ServicePrefix + record.By.Name, CounterRatios.Budgets, rule, category, nowMs))
            await audit.RecordAsync(record.Write(nowMs));
    }

    private void Count(string service, IEnumerable<string> budgets, RefusalCategory? refusal)
    {
        foreach (var budget in budgets.Distinct(StringComparer.Ordinal))
            usage.Count(ChargeRecord.ServicePrefix + service, CounterRatios.Budgets, budget, refusal, clock.NowMs());
    }
}
