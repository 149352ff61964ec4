namespace Gateway.Faults.Checking;

/// <summary>The checks of every property over a whole history.</summary>
internal static class Checker
{
    private static readonly Dictionary<Property, Func<Analysis, IEnumerable<Violation>>> Checks = new()
    {
        [Property.NumbersOnce] = Numbers.Once,
        [Property.ChargedWithinMax] = analysis =>
            Charges.WithinMax(analysis)
            .Concat(Charges.WithinSlidingMax(analysis)).Concat(Charges.WithinBucket(analysis))
            .Concat(KeyedCharges.WithinMax(analysis)).Concat(Charges.DatesInTurn(analysis)),
        [Property.ServicesWithinMax] = ServiceLimits.WithinMax,
        [Property.OpenWithinMax] = OpenCalls.WithinMax,
        [Property.RecordedFirst] = Charges.RecordedFirst,
        [Property.ReachedOnce] = Charges.ReachedOnce,
        [Property.AllOrNone] = Numbers.AllOrNone,
        [Property.UsedInFull] = analysis => Fullness.Used(analysis).Concat(ServiceLimits.Used(analysis)),
        [Property.InItsWindow] = Charges.InItsWindow,
        [Property.BackInTime] = Availability.BackInTime,
        [Property.Available] = Availability.Always,
        [Property.WritesBounded] = Writes.Bounded,
    };

    public static CheckResult Check(History history, Workload workload, FleetKind kind)
    {
        var analysis = new Analysis(history, workload, kind);
        return new CheckResult(analysis, [.. Checks.Values.SelectMany(check => check(analysis))]);
    }
}
