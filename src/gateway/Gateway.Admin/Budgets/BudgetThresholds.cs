using System.Globalization;
using Gateway.Admin.Counters;
using Gateway.Audit.Records;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Json;

namespace Gateway.Admin.Budgets;

/// <summary>
/// Compares the use of each budget that has <c>notifyAt</c> with its percentages. A fleet raises one event for each
/// window and percentage. No call takes part in it.
/// </summary>
internal sealed class BudgetThresholds(CounterRoutes counters, EventRaiser events, ProcessClock clock)
{
    private const string Type = "budget.threshold";
    private const int Percent = 100;

    public async Task CheckAsync(ControlState state, CancellationToken cancellationToken)
    {
        foreach (var budget in state.Objects.Budgets.Values.Where(static one => !one.NotifyAt.IsEmpty))
        {
            var use = await counters.OfBudgetAsync(budget, cancellationToken);
            if (Amount.TryParse(use.Used ?? "", out var used) && Amount.TryParse(use.Max, out var max))
                Raise(budget, used, max, use.ResetAt);
        }
    }

    private void Raise(Budget budget, Amount used, Amount max, DateTimeOffset? resetAt)
    {
        var (nowMs, lengthMs) = (clock.NowMs(), budget.Window.LongestMs);
        // Other kinds of windows have no common end, so one event is raised per window length.
        var endMs = budget.Kind.IsAligned && resetAt is { } reset
            ? reset.ToUnixTimeMilliseconds() : ((nowMs / lengthMs) + 1) * lengthMs;
        foreach (var percent in budget.NotifyAt.Where(one => used.Nano * Percent >= max.Nano * one))
        {
            var text = percent.ToString(CultureInfo.InvariantCulture);
            events.TryRaise(
                EventRaiser.IdOf(Type, budget.CounterOf(null).Text, endMs.ToString(CultureInfo.InvariantCulture), text),
                new RaisedEvent
                {
                    Type = Type,
                    Grant = "",
                    Server = "",
                    Tool = "",
                    Rule = JsonPointer.Of(["budgets", budget.Name]),
                    Reason = $"The budget {budget.Name} has used {text} % of its maximum: {used} of {max} in "
                        + $"\"{budget.WindowText}\"",
                    NextStep = $"gateway budget show {budget.Name}",
                    Facts = Facts(budget, text, used, max, endMs),
                    AtMs = nowMs,
                    ExpiresMs = RaisedEvent.ExpiryOf(endMs, nowMs),
                });
        }
    }

    private static Dictionary<string, string> Facts(
        Budget budget, string percent, Amount used, Amount max, long endMs)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["budget"] = budget.Name,
            ["window"] = budget.WindowText,
            ["percent"] = percent,
            ["used"] = used.ToString(),
            ["max"] = max.ToString(),
        };
        if (budget.Kind.IsAligned)
            facts["resets"] = RefusalJson.TimeText(endMs);
        return facts;
    }
}
