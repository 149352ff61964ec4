using System.Collections.Immutable;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Bucket;
using Gateway.Limits.Windows.Calendar;
using Gateway.Limits.Windows.Fixed;
using Gateway.Limits.Windows.InFlight;
using Gateway.Limits.Windows.Sliding;

namespace Gateway.Limits.Windows;

/// <summary>The kinds of limits. This is the only place that lists them.</summary>
public static class WindowKind
{
    /// <summary>Windows aligned to UTC, one after the other; each starts empty.</summary>
    public static IWindowKind Fixed { get; } = new FixedWindowKind();

    /// <summary>At most the maximum in any interval of the window's length.</summary>
    public static IWindowKind Sliding { get; } = new SlidingWindowKind();

    /// <summary>A token bucket: up to the maximum at once, refilled evenly.</summary>
    public static IWindowKind Bucket { get; } = new BucketKind();

    /// <summary>Days, weeks and months of a time zone, one after the other; each starts empty.</summary>
    public static IWindowKind Calendar { get; } = new CalendarKind();

    /// <summary>Calls in flight at the same time. No limit of a policy has this kind, as it counts no time.</summary>
    public static IWindowKind InFlight { get; } = new InFlightKind();

    /// <summary>All kinds; the first is the default.</summary>
    public static ImmutableArray<IWindowKind> All { get; } = [Fixed, Sliding, Bucket, Calendar, InFlight];

    /// <summary>
    /// The names that a policy may use, in that order. A fixed window with a zone becomes a calendar window.
    /// </summary>
    public static ImmutableArray<string> Names { get; } = [Fixed.Name, Sliding.Name, Bucket.Name];

    /// <summary>Returns the kind of windows that follow one another and start empty, depending on the period.</summary>
    public static IWindowKind Following(Window window) => window.Zone is null ? Fixed : Calendar;

    /// <summary>Returns the kind that a policy means by a name, or by none, with this window.</summary>
    public static IWindowKind Meant(string? name, Window window) =>
        Find(name) is { } kind && kind != Fixed ? kind : Following(window);

    /// <summary>Returns the kind of this name; null if there is none.</summary>
    public static IWindowKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>Creates an owner of this counter that has not read its record yet.</summary>
    public static ICounter NewCounter(CounterKey key, CounterRules rules) =>
        ((ICountedKind)key.Kind).NewCounter(key, rules);
}
