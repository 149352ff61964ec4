using Orleans.Configuration;

namespace Gateway.Cluster.Clustering;

/// <summary>
/// Timeouts that determine how soon a fleet notices a lost silo, and how long a call waits until then. With Orleans'
/// defaults (probes every 5 s, 3 misses, table reads every 60 s, response timeout 30 s) counters have no owner for 6 to
/// 13 s after a crash. A silo without CPU for longer than three probes is declared dead and exits, to be restarted; on
/// a machine that is that busy, give silos more CPU. Exactness does not depend on these values.
/// </summary>
internal static class MembershipTiming
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Configures the timeouts between silos.</summary>
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

    /// <summary>Configures the timeouts of a frontend.</summary>
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
