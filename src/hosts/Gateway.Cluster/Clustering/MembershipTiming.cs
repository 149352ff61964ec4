using Orleans.Configuration;

namespace Gateway.Cluster.Clustering;

/// <summary>
/// How soon a fleet notices that one of its silos is gone, and for how long a call waits until then. With Orleans'
/// defaults (probes every 5 s, 3 misses, a table read every 60 s, answers awaited for 30 s) counters are without an
/// owner for 6 to 13 s after a crash. A silo that gets no CPU for longer than three probes is declared dead and ends
/// itself, to be started again: on a machine that is that busy, give silos more CPU. Exactness rests on none of this.
/// </summary>
internal static class MembershipTiming
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Between silos.</summary>
    public static ISiloBuilder UseFastFailover(this ISiloBuilder silo) => silo
        .Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = ProbeTimeout;
            membership.NumMissedProbesLimit = 3;
            membership.NumVotesForDeathDeclaration = 2;
            membership.TableRefreshTimeout = TableRefresh;
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        })
        .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout)
        .Configure<ConnectionOptions>(Connect);

    /// <summary>From a frontend.</summary>
    public static IClientBuilder UseFastFailover(this IClientBuilder client) => client
        .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TableRefresh)
        .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout)
        .Configure<ConnectionOptions>(Connect);

    private static void Connect(ConnectionOptions connections)
    {
        connections.OpenConnectionTimeout = ConnectTimeout;
        connections.ConnectionRetryDelay = ReconnectDelay;
    }
}
