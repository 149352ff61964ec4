using Gateway.Faults.Fleets;
using Gateway.Postgres.Tests.Frontends;
using Gateway.Postgres.Tests.Network;

namespace Gateway.Faults.Nemesis;

/// <summary>What each kind of fleet is put through: nothing, each fault alone, and all of them mixed.</summary>
internal static class Plan
{
    /// <summary>The phases, in order; a null fault is a phase in which nothing is struck.</summary>
    public static IReadOnlyList<(string Name, IFault? Fault)> Of(FleetKind kind)
    {
        IFault[] faults = kind switch
        {
            FleetKind.Journal => [new Killed(), new Paused()],
            FleetKind.Postgres =>
            [
                new Killed(), new Paused(), new CutOff(ProxyMode.LoseAll), new CutOff(ProxyMode.LoseReplies),
                new CutOff(ProxyMode.Refuse), .. FakeTime.IsThere ? (IFault[])[new ClockOff()] : [],
                new DatabaseDown("fast"), new DatabaseDown("immediate"), new Scaled(), new Rolled(),
            ],
            _ =>
            [
                new SiloKilled(), new SiloPaused(), new CutOff(ProxyMode.LoseReplies, ofSilo: true), new Killed(),
                new DatabaseDown("immediate"), new Rolled(),
            ],
        };
        return [("calm", null), .. faults.Select(fault => (fault.Kind, (IFault?)fault)), ("mixed", new Mixed(faults))];
    }

    /// <summary>Gateways or frontends that serve, those for scaling, and silos.</summary>
    public static (int Serving, int Spare, int Silos) SizeOf(FleetKind kind) => kind switch
    {
        FleetKind.Journal => (1, 0, 0),
        FleetKind.Postgres => (3, 1, 0),
        _ => (2, 0, 2),
    };
}
