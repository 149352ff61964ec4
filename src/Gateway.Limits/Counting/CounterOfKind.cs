using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Counting;

/// <summary>Makes the owner that a counter's kind wants.</summary>
internal static class CounterOfKind
{
    /// <summary>An owner that knows nothing yet.</summary>
    public static ICounter New(CounterKey key, CounterRules rules) =>
        key.Kind == LimitKind.Sliding ? new SlidingCounter(key, rules) : new Counter(key, rules);
}
