namespace Gateway.Policy.Conditions;

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
