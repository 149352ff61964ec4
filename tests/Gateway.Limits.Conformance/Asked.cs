using Gateway.Limits.Windows;

namespace Gateway.Limits.Conformance;

/// <summary>Short ways to say what a call wants.</summary>
public static class Asked
{
    public static Window Period(string text) => Window.TryParse(text, out var window) ? window : default;

    public static Amount Units(string text) => Amount.TryParse(text, out var amount) ? amount : default;

    public static CounterKey Key(string counter = "calls", string window = "minute") =>
        new(LimitScope.Grant, "bot@afip", counter, WindowKind.Fixed, Period(window));

    public static LimitCost Cost(
        long max, string cost = "1", string counter = "calls", string window = "minute", bool refundOnError = false) =>
        new(Key(counter, window), Amount.FromUnits(max), Units(cost), refundOnError);

    public static CounterKey SlidingKey(string counter = "calls", string window = "10s") =>
        new(LimitScope.Grant, "bot@afip", counter, WindowKind.Sliding, Period(window));

    public static LimitCost Sliding(
        long max, string cost = "1", string counter = "calls", string window = "10s", bool refundOnError = false) =>
        new(SlidingKey(counter, window), Amount.FromUnits(max), Units(cost), refundOnError);

    public static CounterKey BucketKey(string counter = "calls", string window = "10s") =>
        new(LimitScope.Grant, "bot@afip", counter, WindowKind.Bucket, Period(window));

    public static LimitCost Bucket(
        long max, string cost = "1", string counter = "calls", string window = "10s", bool refundOnError = false) =>
        new(BucketKey(counter, window), Amount.FromUnits(max), Units(cost), refundOnError);

    public static CounterKey CalendarKey(
        CalendarZone zone, CalendarUnit unit = CalendarUnit.Day, string counter = "calls") =>
        new(LimitScope.Grant, "bot@afip", counter, WindowKind.Calendar, Window.Of(unit, zone));

    public static LimitCost Calendar(
        long max, CalendarZone zone, CalendarUnit unit = CalendarUnit.Day, string counter = "calls",
        string cost = "1", bool refundOnError = false) =>
        new(CalendarKey(zone, unit, counter), Amount.FromUnits(max), Units(cost), refundOnError);

    /// <summary>A place among the calls in flight.</summary>
    public static LimitCost InFlight(long max, string counter = "(in flight)") =>
        new(InFlightKey(counter), Amount.FromUnits(max), Amount.One);

    public static CounterKey InFlightKey(string counter = "(in flight)", string window = "30s") =>
        new(LimitScope.Grant, "bot@afip", counter, WindowKind.InFlight, Period(window));

    /// <summary>A limit that counts by value: of this one here.</summary>
    public static LimitCost By(
        string value, long max, long valuesMax = 100, string window = "minute", IWindowKind? kind = null,
        bool refundOnError = false) =>
        By(value, max, Period(window), valuesMax, kind, refundOnError);

    /// <summary>The same with any window.</summary>
    public static LimitCost By(
        string value, long max, Window window, long valuesMax = 100, IWindowKind? kind = null,
        bool refundOnError = false)
    {
        CounterKey Named(string name, IWindowKind of) =>
            new(LimitScope.Grant, "bot@afip", CounterKey.NameByValue("calls", name), of, window);
        var following = WindowKind.Following(window);
        var (values, key) = (Named("x~values", following), Named("x", kind ?? following));
        return new LimitCost(key, Amount.FromUnits(max), Amount.One, refundOnError)
        {
            Value = new LimitValue(Encoding.UTF8.GetBytes(value), values, Amount.FromUnits(valuesMax)),
        };
    }

    public static LimitRequest Call(long nowMs, params ImmutableArray<LimitCost> costs) =>
        new(CallId.New(), nowMs, costs);
}
