namespace Gateway.Faults.Checking;

/// <summary>Every property, over a whole history.</summary>
internal static class Checker
{
    private static readonly Dictionary<Property, Func<Judgement, IEnumerable<Violation>>> Checks = new()
    {
        [Property.NumbersOnce] = Numbers.Once,
        [Property.ChargedWithinMax] = judgement =>
            Charges.WithinMax(judgement)
            .Concat(Charges.WithinSlidingMax(judgement)).Concat(Charges.WithinBucket(judgement))
            .Concat(KeyedCharges.WithinMax(judgement)).Concat(Charges.DatesInTurn(judgement)),
        [Property.ServicesWithinMax] = ServiceLimits.WithinMax,
        [Property.OpenWithinMax] = OpenCalls.WithinMax,
        [Property.RecordedFirst] = Charges.RecordedFirst,
        [Property.ReachedOnce] = Charges.ReachedOnce,
        [Property.AllOrNone] = Numbers.AllOrNone,
        [Property.UsedInFull] = judgement => Fullness.Used(judgement).Concat(ServiceLimits.Used(judgement)),
        [Property.InItsWindow] = Charges.InItsWindow,
        [Property.BackInTime] = Availability.BackInTime,
        [Property.Available] = Availability.Always,
        [Property.WritesBounded] = Writes.Bounded,
    };

    public static Verdict Check(History history, Workload workload, FleetKind kind)
    {
        var judgement = new Judgement(history, workload, kind);
        return new Verdict(judgement, [.. Checks.Values.SelectMany(check => check(judgement))]);
    }
}
