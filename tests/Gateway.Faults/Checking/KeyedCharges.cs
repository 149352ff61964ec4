namespace Gateway.Faults.Checking;

/// <summary>
/// Checks of limits by session and by value against the sessions and values that the server saw, regardless of the
/// gateways' keys.
/// </summary>
internal static class KeyedCharges
{
    public static IEnumerable<Violation> WithinMax(Analysis analysis) =>
        OneSubjectEach(analysis).Concat(OfEachSubject(analysis)).Concat(OfAllValues(analysis));

    /// <summary>Checks that a counter belongs to one session or value, and that each has only one.</summary>
    private static IEnumerable<Violation> OneSubjectEach(Analysis analysis)
    {
        var uses = Parts(analysis).Select(part => part.Use).Concat(analysis.Momentary)
            .Where(use => use.Reached is not null && analysis.LimitOf(use).IsKeyed).ToList();
        foreach (var counter in uses.GroupBy(use => use.Charge.Key))
        {
            var subjects = counter.Select(use => use.Reached!.Subject).Distinct().ToList();
            var isOfSession = analysis.LimitOf(counter.First()).IsPerSession;
            if (subjects.Count > 1 || subjects.Contains("") || isOfSession != (counter.Key.Split('/')[2] == "session"))
                yield return Violated(counter.First(), $"counted for {subjects.Count} subjects");
        }

        foreach (var value in uses.GroupBy(use => (use.Charge.Counter, use.Reached!.Subject)))
            if (value.Select(use => use.Charge.Key).Distinct().Count() is > 1 and var keys)
                yield return Violated(value.First(), $"{keys} counters of one subject");
    }

    private static IEnumerable<Violation> OfEachSubject(Analysis analysis)
    {
        var charged = Parts(analysis).Where(part => part.Use is { Reached: not null, IsGivenBack: false })
            .GroupBy(part => (part.Window.Counter, part.Window.StartMs, part.Use.Reached!.Subject));
        foreach (var subject in charged)
        {
            var (window, use) = subject.First();
            var (sum, most) = (subject.Sum(part => part.Use.Charge.Cost), analysis.MaximaOf(window).Max());
            if (sum > most) yield return Violated(use, $"{sum} of {most} for {subject.Key.Subject}");
        }
    }

    /// <summary>
    /// Checks the number of values by the windows of the counter of values, which are as long as those of the limit.
    /// </summary>
    private static IEnumerable<Violation> OfAllValues(Analysis analysis)
    {
        var windows = Parts(analysis).Where(part => part.Use.Reached is not null)
            .GroupBy(part => (part.Window.Counter, part.Window.StartMs));
        foreach (var window in windows)
        {
            var most = analysis.LimitOf(window.First().Window).ValuesMax;
            var values = window.Select(part => part.Use.Reached!.Subject).Distinct().Count();
            if (most > 0 && values > most) yield return Violated(window.First().Use, $"{values} values of {most}");
        }
    }

    private static IEnumerable<(WindowUse Window, Use Use)> Parts(Analysis analysis) =>
        from window in analysis.Windows
        where analysis.LimitOf(window).IsKeyed
        from use in window.Uses
        select (window, use);

    private static Violation Violated(Use use, string what) => new(
        Property.ChargedWithinMax, use.Charge.StartMs, $"{use.Charge.Counter} from {use.Charge.StartMs}: {what}");
}
