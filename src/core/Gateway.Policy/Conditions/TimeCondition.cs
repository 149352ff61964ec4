using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Policy.Conditions;

/// <summary>
/// <c>time</c>: holds if clocks in a zone show one of the given hours of the given days at the call's instant. Hours
/// past midnight belong to the day on which they begin. Without a trusted instant it is incomparable.
/// </summary>
internal sealed class TimeCondition(
    TimeZoneInfo zone, FrozenSet<DayOfWeek> days, ImmutableArray<HoursOfDay> hours, string written) : Condition
{
    /// <summary>The reason for denying a call while the time is unknown.</summary>
    public const string NoInstant =
        "The time is not known for certain now, so a rule about the time of day cannot be evaluated";

    public override IEnumerable<ArgumentPath> Paths => [];

    public override bool ReadsTime => true;

    public override TriState Evaluate(in EvaluationContext call, Quantifier quantifier)
    {
        if (call.At is not { } instant)
        {
            call.Work.Fail(NoInstant);
            return TriState.Incomparable;
        }

        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        foreach (var span in hours)
        {
            if (Holds(local, span))
                return TriState.True;
        }

        return TriState.False;
    }

    public override string Describe() => $"it is {written} in {zone.Id}";

    private bool Holds(DateTime local, HoursOfDay span)
    {
        var (from, to) = (TimeSpan.FromMinutes(span.From), TimeSpan.FromMinutes(span.To));
        var isToday = days.Contains(local.DayOfWeek) && local.TimeOfDay >= from;
        if (!span.IsPastMidnight)
            return isToday && local.TimeOfDay < to;
        return isToday || (local.TimeOfDay < to && days.Contains((DayOfWeek)(((int)local.DayOfWeek + 6) % 7)));
    }
}

/// <summary>Hours of a day, half-open. If the end is not later than the start, it is on the next day.</summary>
/// <param name="From">Minutes after midnight.</param>
/// <param name="To">Minutes after midnight; 1440 for the end of the day.</param>
internal sealed record HoursOfDay(int From, int To)
{
    public static HoursOfDay WholeDay { get; } = new(0, 24 * 60);

    public bool IsPastMidnight => To <= From;

    public override string ToString() => $"{Clock(From)}-{Clock(To)}";

    private static string Clock(int minutes) => $"{minutes / 60:00}:{minutes % 60:00}";
}
