using System.Collections.Immutable;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Bucket;
using Gateway.Limits.Windows.Fixed;
using Gateway.Limits.Windows.Sliding;

namespace Gateway.Limits.Windows;

/// <summary>The kinds of limits: the one place that knows which there are.</summary>
public static class WindowKind
{
    /// <summary>Windows aligned to UTC, one after the other; each starts empty.</summary>
    public static IWindowKind Fixed { get; } = new FixedWindowKind();

    /// <summary>Never more than the maximum in any interval of the window's length.</summary>
    public static IWindowKind Sliding { get; } = new SlidingWindowKind();

    /// <summary>The maximum at once, refilled evenly.</summary>
    public static IWindowKind Bucket { get; } = new BucketKind();

    /// <summary>All of them; the first is that of a limit which names none.</summary>
    public static ImmutableArray<IWindowKind> All { get; } = [Fixed, Sliding, Bucket];

    /// <summary>Their names, in that order.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(static kind => kind.Name)];

    /// <summary>The kind of this name; null if there is none.</summary>
    public static IWindowKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>An owner of this counter that knows nothing yet.</summary>
    public static ICounter NewCounter(CounterKey key, CounterRules rules) =>
        ((ICountedKind)key.Kind).NewCounter(key, rules);
}
