namespace Gateway.Faults.Checking;

/// <summary>Checks of the requests that services were allowed, by the responses.</summary>
internal static class ServiceLimits
{
    /// <summary>Checks that each value got at most its maximum of OK responses from all gateways together.</summary>
    public static IEnumerable<Violation> WithinMax(Analysis analysis) =>
        from value in ByValue(analysis.History)
        let admitted = value.Count(static ask => ask.Outcome == CallOutcome.Admitted)
        where admitted > Services.MaxOf(value.Key)
        select new Violation(
            Property.ServicesWithinMax, value.Max(static ask => ask.ToMs),
            $"{value.Key}: {admitted} of {Services.MaxOf(value.Key)}");

    /// <summary>
    /// Checks that an account which alone refused a request had used its maximum, unless a fault can have taken some of
    /// it. A request without a response may have been admitted.
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

    /// <summary>Returns the values that refused a request by themselves, without a fault nearby.</summary>
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
