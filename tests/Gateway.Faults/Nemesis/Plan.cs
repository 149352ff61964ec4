namespace Gateway.Faults.Nemesis;

/// <summary>The faults for each kind of fleet: none, each fault alone, and all of them mixed.</summary>
internal static class Plan
{
    /// <summary>
    /// Returns the phases in order, each with the faults that strike in it concurrently; the calm one has none.
    /// </summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<IFault> Faults)> Of(FleetKind kind)
    {
        IFault[] faults = kind switch
        {
            FleetKind.Journal => [new Killed(), new Paused(), new KilledAtPoint(first: 2)],
            FleetKind.Postgres =>
            [
                new Killed(), new Paused(), new CutOff(ProxyMode.LoseAll), new CutOff(ProxyMode.LoseReplies),
                new CutOff(ProxyMode.Refuse), .. FakeTime.IsThere ? (IFault[])[new ClockOff(), new ClockJumps()] : [],
                new DatabaseDown("fast"), new DatabaseDown("immediate"), new TwoOwners(), new KilledAtPoint(first: 0),
                new Scaled(), new Rolled(),
            ],
            _ =>
            [
                new SiloKilled(), new SiloPaused(), new CutOff(ProxyMode.LoseReplies, ofSilo: true), new Killed(),
                .. Namespaces.Missing is null ? (IFault[])[new SilosApart(), new FrontendApart()] : [],
                .. FakeTime.IsThere ? (IFault[])[new ClockOff(), new ClockJumps(), new SiloClockOff()] : [],
                // Silos over an account have no clock of the store to compare theirs with.
                .. FakeTime.IsThere && kind == FleetKind.Cluster ? (IFault[])[new SiloClockJumps()] : [],
                kind == FleetKind.Azure ? new AccountSilent() : new DatabaseDown("immediate"), new SplitInTwo(),
                new Rolled(),
            ],
        };
        var alone = faults.Select(fault => (fault.Kind, (IReadOnlyList<IFault>)[fault]));
        return [("calm", []), .. alone, ("mixed", Mix(faults))];
    }

    /// <summary>
    /// Pairs two concurrent faults that do not need the same process: one on the gateways, one on the processes behind
    /// them.
    /// </summary>
    private static IReadOnlyList<IFault> Mix(IFault[] faults)
    {
        var behind = faults.Where(IsBehind).ToList();
        // A rolling replacement of all processes must not be combined with other faults.
        var before = faults.Except(behind).Where(fault => fault is not Rolled);
        return behind.Count > 0 ? [new Mixed([.. before]), new Mixed([.. behind])] : [new Mixed([.. before])];
    }

    private static bool IsBehind(IFault fault) =>
        fault is DatabaseDown or AccountSilent or SiloKilled or SiloPaused or SilosApart or SiloClockOff
            or SiloClockJumps or CutOff { OfSilo: true };

    /// <summary>
    /// Returns the numbers of serving gateways or frontends, of spare ones for scaling, and of silos.
    /// </summary>
    public static (int Serving, int Spare, int Silos) SizeOf(FleetKind kind) => kind switch
    {
        FleetKind.Journal => (1, 0, 0),
        FleetKind.Postgres => (3, 1, 0),
        _ => (2, 1, 2),
    };
}
