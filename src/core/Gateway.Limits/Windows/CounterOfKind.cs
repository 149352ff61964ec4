using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Fixed;
using Gateway.Limits.Windows.Sliding;

namespace Gateway.Limits.Windows;

/// <summary>Makes the owner that a counter's kind wants.</summary>
public static class CounterOfKind
{
    /// <summary>An owner that knows nothing yet.</summary>
    public static ICounter New(CounterKey key, CounterRules rules) =>
        key.Kind == WindowKind.Sliding ? new SlidingWindowCounter(key, rules) : new FixedWindowCounter(key, rules);
}
