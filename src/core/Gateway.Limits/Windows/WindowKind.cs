using System.Collections.Immutable;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Bucket;
using Gateway.Limits.Windows.Calendar;
using Gateway.Limits.Windows.Fixed;
using Gateway.Limits.Windows.InFlight;
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

    /// <summary>Days, weeks and months of a time zone, one after the other; each starts empty.</summary>
    public static IWindowKind Calendar { get; } = new CalendarKind();

    /// <summary>Calls that are open at once; no limit has it, as it counts no time.</summary>
    public static IWindowKind InFlight { get; } = new InFlightKind();

    /// <summary>All of them; the first is that of a limit which names none.</summary>
    public static ImmutableArray<IWindowKind> All { get; } = [Fixed, Sliding, Bucket, Calendar, InFlight];

    /// <summary>
    /// The names that a policy may give them, in that order: a fixed window that names a zone is a calendar's.
    /// </summary>
    public static ImmutableArray<string> Names { get; } = [Fixed.Name, Sliding.Name, Bucket.Name];

    /// <summary>The kind of windows that follow one another and start empty, by what the period says.</summary>
    public static IWindowKind Following(Window window) => window.Zone is null ? Fixed : Calendar;

    /// <summary>What a policy means by a name, or by none, with this window.</summary>
    public static IWindowKind Meant(string? name, Window window) =>
        Find(name) is { } kind && kind != Fixed ? kind : Following(window);

    /// <summary>The kind of this name; null if there is none.</summary>
    public static IWindowKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>An owner of this counter that knows nothing yet.</summary>
    public static ICounter NewCounter(CounterKey key, CounterRules rules) =>
        ((ICountedKind)key.Kind).NewCounter(key, rules);
}
