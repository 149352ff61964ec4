namespace Gateway.Faults.Checking;

/// <summary>
/// Checks of the permits: disjoint, below the maximum, as many numbers as their cost, and one for each limit.
/// </summary>
internal static class Numbers
{
    /// <summary>Checks that no number was given out twice, and that all are below a maximum that applied.</summary>
    public static IEnumerable<Violation> Once(Analysis analysis)
    {
        foreach (var window in analysis.Windows)
        {
            var most = analysis.MaximaOf(window).Max();
            (decimal High, Use Use)? above = null;
            var numbers = window.Uses.Where(use => !use.IsGivenBack)
                .SelectMany(use => use.Charge.Intervals.Select(interval => (interval.Low, interval.High, Use: use)))
                .OrderBy(number => number.Low);
            foreach (var number in numbers)
            {
                if (number.High > Math.Min(most, number.Use.Charge.Max))
                    yield return Violated(window, $"{number.High} is above {Math.Min(most, number.Use.Charge.Max)}");
                if (above is { } before && number.Low < before.High)
                    yield return Violated(window, $"{number.Low} is in two hands: {before.Use} and {number.Use}");
                if (above is null || number.High > above.Value.High) above = (number.High, number.Use);
            }
        }
    }

    /// <summary>Checks that each limit of a call was charged once, by its cost, or not at all.</summary>
    public static IEnumerable<Violation> AllOrNone(Analysis analysis)
    {
        var seen = new HashSet<string>();
        foreach (var decision in analysis.History.Decisions)
        {
            var atMs = analysis.Reached.GetValueOrDefault(decision.CallId)?.AtMs
                ?? decision.Charges.Select(charge => charge.StartMs).DefaultIfEmpty(analysis.History.LoadFromMs).Max();
            var tool = analysis.Workload.Tools[decision.Tool];
            var wanted = tool.Limits.Select(limit => limit.Counter).Order().ToList();
            var charged = decision.Charges.Select(charge => charge.Counter).Order().ToList();
            if (!wanted.SequenceEqual(charged))
                yield return Violated($"limits {string.Join(' ', wanted)}, charged {string.Join(' ', charged)}");
            if (!seen.Add(decision.CallId)) yield return Violated("let through twice");
            foreach (var charge in decision.Charges)
            {
                var length = charge.Intervals.Sum(interval => interval.High - interval.Low);
                if (length != charge.Cost && !charge.IsMomentary)
                    yield return Violated($"cost {charge.Cost}, took {length}");
                if (tool.AmountMax == 0 ? charge.Cost != 1 : charge.Cost <= 0 || charge.Cost > tool.AmountMax)
                    yield return Violated($"cost {charge.Cost}");
            }

            Violation Violated(string what) =>
                new(Property.AllOrNone, atMs, $"{decision.Tool}, call {decision.CallId}: {what}");
        }
    }

    private static Violation Violated(WindowUse window, string what) =>
        new(Property.NumbersOnce, window.EndMs - 1, $"{window}: {what}");
}
