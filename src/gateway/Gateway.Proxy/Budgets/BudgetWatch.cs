using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Gateway.Audit.Records;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Telemetry;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Budgets;

/// <summary>
/// The watch that raises an event when a counter reaches a share of its maximum that its limit names in
/// <c>notify_at</c>: once per window and share. It only uses values that the decision already has, and only if a policy
/// has such a limit. The gauge of used shares covers all limits.
/// </summary>
internal sealed class BudgetWatch(EventRaiser events, CounterRatios ratios)
{
    private const int CountersMax = 10_000;

    private readonly ConcurrentDictionary<CounterKey, Notified> _notified = new();
    private long _cleanedMs;

    /// <summary>Processes the counter values that a decision saw.</summary>
    public void Note(CallContext call, PolicyDecision decision, long nowMs, LimitDecision taken)
    {
        ratios.Note(call.Grant.Name, call.Server.Name, decision.LimitCosts.AsSpan(), taken);
        if (!decision.Notifies)
            return;
        if (taken.Refusal is { } refusal)
        {
            // Only if no event was raised for the call that took the last number: its frontend may have ended.
            if (refusal is { Kind: RefusalKind.NoRoom, CostIndex: >= 0 and var at }
                && decision.Costs[at] is { NotifyAt.IsDefaultOrEmpty: false, Cost.Value: null } full)
                Note(call, nowMs, full, full.Cost.Key, refusal.Used, refusal.ResetAtMs);
            return;
        }

        foreach (var cost in decision.Costs)
        {
            if (cost.NotifyAt.IsDefaultOrEmpty)
                continue;
            foreach (var part in taken.Permit.Parts)
            {
                if (cost.Cost.IsOn(part.Key))
                    Note(call, nowMs, cost, part.Key, part.UsedAfter, part.ResetAtMs);
            }
        }
    }

    private void Note(
        CallContext call, long nowMs, in DecisionCost cost, CounterKey key, Amount used, long resetAtMs)
    {
        var reached = Reached(cost.NotifyAt, used);
        if (reached == 0)
            return;
        // Sliding windows have no fixed end, so one event is raised per window length.
        var lengthMs = key.Window.LongestMs;
        var endMs = key.Kind.IsAligned ? resetAtMs : ((nowMs / lengthMs) + 1) * lengthMs;
        if (!_notified.TryGetValue(key, out var notified))
        {
            if (_notified.Count >= CountersMax && !TryClean(nowMs))
                return;
            notified = _notified.GetOrAdd(key, static _ => new Notified());
        }

        lock (notified)
        {
            if (notified.EndMs > endMs)
                return;
            if (notified.EndMs < endMs)
                (notified.EndMs, notified.Count) = (endMs, 0);
            while (notified.Count < reached
                && TryRaise(call, nowMs, cost, key, cost.NotifyAt[notified.Count], used, endMs))
                notified.Count++;
        }
    }

    private static int Reached(ImmutableArray<NotifyShare> shares, Amount used)
    {
        var count = 0;
        while (count < shares.Length && used >= shares[count].Reached)
            count++;
        return count;
    }

    private bool TryRaise(
        CallContext call, long nowMs, in DecisionCost cost, CounterKey key, NotifyShare at, Amount used, long endMs)
    {
        var share = at.Share.ToString("0.####", CultureInfo.InvariantCulture);
        var whose = key.Scope switch
        {
            LimitScope.Server => $"All grants together have used {Percent(at.Share)}",
            LimitScope.Session => $"A session of {call.Grant.Name} has used {Percent(at.Share)}",
            LimitScope.Grant or LimitScope.Service => $"{call.Grant.Name} has used {Percent(at.Share)}",
            _ => throw new NotSupportedException($"LimitScope {key.Scope} has no case here."),
        };
        var value = cost.Cost.Value is null ? "" : " for one value";
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["counter"] = cost.Counter,
            ["window"] = cost.WindowText,
            ["share"] = share,
            ["used"] = used.ToString(),
            ["max"] = cost.Cost.Max.ToString(),
        };
        if (key.Kind.IsAligned)
            facts["resets"] = RefusalJson.TimeText(endMs);
        return events.TryRaise(
            EventRaiser.IdOf("budget.reached", key.Text, endMs.ToString(CultureInfo.InvariantCulture), share),
            new RaisedEvent
            {
                Type = "budget.reached",
                Grant = call.Grant.Name,
                Server = call.Server.Name,
                Tool = call.Message.Name ?? "",
                Rule = cost.Rule,
                Reason = $"{whose} of the limit \"{cost.Counter}\"{value} on {call.Server.Name}: {used} of "
                    + $"{cost.Cost.Max} "
                    + $"in \"{cost.WindowText}\"",
                NextStep = $"gateway grant budgets {call.Grant.Name}",
                Facts = facts,
                AtMs = nowMs,
                ExpiresMs = RaisedEvent.ExpiryOf(endMs, nowMs),
            });
    }

    private static string Percent(decimal share) => $"{(share * 100).ToString("0.##", CultureInfo.InvariantCulture)}%";

    /// <summary>Removes ended windows, at most once a second; returns false if there is still no room.</summary>
    private bool TryClean(long nowMs)
    {
        var cleanedMs = Interlocked.Read(ref _cleanedMs);
        if (nowMs - cleanedMs is >= 0 and < 1000
            || Interlocked.CompareExchange(ref _cleanedMs, nowMs, cleanedMs) != cleanedMs)
            return false;
        foreach (var (key, notified) in _notified)
        {
            if (notified.EndMs <= nowMs)
                _notified.TryRemove(key, out _);
        }

        return _notified.Count < CountersMax;
    }

    private sealed class Notified
    {
        public long EndMs { get; set; }

        /// <summary>The number of shares reported in this window.</summary>
        public int Count { get; set; }
    }
}
