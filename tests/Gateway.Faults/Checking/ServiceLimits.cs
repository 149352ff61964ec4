namespace Gateway.Faults.Checking;

/// <summary>What services were let through, by what they were answered.</summary>
internal static class ServiceLimits
{
    /// <summary>Of each value at most its maximum was answered OK, whoever answered.</summary>
    public static IEnumerable<Violation> WithinMax(Analysis analysis) =>
        from value in ByValue(analysis.History)
        let admitted = value.Count(static ask => ask.Outcome == CallOutcome.Admitted)
        where admitted > Services.MaxOf(value.Key)
        select new Violation(
            Property.ServicesWithinMax, value.Max(static ask => ask.ToMs),
            $"{value.Key}: {admitted} of {Services.MaxOf(value.Key)}");

    /// <summary>
    /// An account that refused a request about itself alone let its maximum through, where no fault can have taken any
    /// of it; what nobody heard the answer to may have been let through.
    /// </summary>
    public static IEnumerable<Violation> Used(Analysis analysis)
    {
        foreach (var value in Evaluated(analysis))
        {
            var used = value.Count(static ask => ask.Outcome != CallOutcome.Refused);
            if (used < Services.MaxOf(value.Key))
            {
                yield return new Violation(
                    Property.UsedInFull, value.Max(static ask => ask.ToMs),
                    $"{value.Key}: {used} of {Services.MaxOf(value.Key)}, and somebody was refused");
            }
        }
    }

    /// <summary>Values that refused somebody by themselves, with no fault near.</summary>
    public static IEnumerable<IGrouping<string, ServiceAsk>> Evaluated(Analysis analysis) =>
        from value in ByValue(analysis.History)
        where value.Any(static ask => ask is { Outcome: CallOutcome.Refused, Descriptors.Count: 1 })
        let fromMs = value.Min(static ask => ask.FromMs)
        let toMs = value.Max(static ask => ask.ToMs)
        where fromMs >= analysis.History.LoadFromMs && !analysis.History.Faults.Any(fault =>
            fault.FromMs < toMs && fault.HealedMs + Analysis.BackMs > fromMs)
        select value;

    private static IEnumerable<IGrouping<string, ServiceAsk>> ByValue(History history) =>
        from ask in history.Services
        from descriptor in ask.Descriptors
        group ask by descriptor;
}
