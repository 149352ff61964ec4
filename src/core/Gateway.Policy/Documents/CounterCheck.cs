using Gateway.Limits.Model;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Checks that one counter has one maximum, and that a call can fit under it.</summary>
internal static class CounterCheck
{
    public static void Run(PolicyDocument document, ProblemSink problems)
    {
        var first = new Dictionary<Identity, LimitDocument>();
        var common = new Dictionary<Identity, Amount>();
        foreach (var limit in document.AllTools.Limits)
        {
            CheckMax(limit, document.IsShadow, first, problems);
            CheckFit(limit, document.IsShadow, common, problems);
        }

        foreach (var tool in document.Entries)
        {
            var isShadow = tool.IsShadow ?? document.IsShadow;
            var costs = tool.Limits.IsEmpty ? common : new Dictionary<Identity, Amount>(common);
            foreach (var limit in tool.Limits)
            {
                CheckMax(limit, isShadow, first, problems);
                CheckFit(limit, isShadow, costs, problems);
            }
        }
    }

    private static void CheckMax(
        LimitDocument limit, bool isShadow, Dictionary<Identity, LimitDocument> seen, ProblemSink problems)
    {
        var identity = Identity.Of(limit, isShadow);
        if (seen.TryAdd(identity, limit))
            return;
        var other = seen[identity];
        Check("max", limit.Max, other.Max);
        Check("keys_max", limit.KeysMax, other.KeysMax);
        Check("notify_at", Shares(limit), Shares(other));

        void Check<T>(string name, T max, T otherMax)
        {
            if (!Equals(max, otherMax))
            {
                problems.Error(limit.Offset, limit.Pointer,
                    $"the counter \"{limit.Counter}\" has {name} {max} here and {otherMax} at {other.Pointer}: "
                    + $"one counter has one {name}; write the same {name} in both, or give one counter another name");
            }
        }
    }

    // The costs of one call on one counter add up, so their sum must fit too.
    private static void CheckFit(
        LimitDocument limit, bool isShadow, Dictionary<Identity, Amount> costs, ProblemSink problems)
    {
        var identity = Identity.Of(limit, isShadow);
        var cost = limit.IncrementFrom is null ? limit.Increment : Amount.Zero;
        var before = costs.GetValueOrDefault(identity);
        if (!Amount.TryAdd(before, cost, out var sum) || sum > limit.Max || limit.Max == Amount.Zero)
        {
            problems.Error(limit.Offset, limit.Pointer, before == Amount.Zero
                ? $"this limit can never admit a call: a call counts {Counted(limit)}, but max is {limit.Max}"
                : $"this limit can never admit a call: all limits on \"{limit.Counter}\" together count {sum} for one "
                    + $"call, but max is {limit.Max}");
            return;
        }

        costs[identity] = sum;
    }

    private static string Shares(LimitDocument limit) =>
        $"[{string.Join(", ", limit.NotifyAt.Select(static one => $"{one.Share:0.####}"))}]";

    private static string Counted(LimitDocument limit) =>
        limit.IncrementFrom is { } path ? path.Text : limit.Increment.ToString();

    /// <summary>The identity that makes two limits share one counter, on one server for one grant.</summary>
    private readonly record struct Identity(
        LimitScope Scope, string Counter, Window Window, IWindowKind Kind, string By, bool IsShadow)
    {
        public static Identity Of(LimitDocument limit, bool isShadow) =>
            new(limit.Scope, limit.Counter, limit.Window, limit.Kind, limit.ByText, isShadow);
    }
}
