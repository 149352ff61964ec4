using System.Net;
using Gateway.Cluster.Certificates;
using Gateway.Cluster.Clustering;
using Gateway.Cluster.Dashboard;
using Gateway.Cluster.Local;
using Gateway.Cluster.Settings;
using Gateway.Cluster.Stores;
using Gateway.Orleans;
using Gateway.Orleans.Grains;
using Orleans.Configuration;

namespace Gateway.Cluster.Hosting;

/// <summary>Configures a silo that owns counters and, on Azure, the control documents.</summary>
internal static class SiloSetUp
{
    public static void Configure(
        ISiloBuilder silo, ClusterSettings settings, ClusterStore store, ClusterCertificates? certificates)
    {
        Join(silo, settings, store);
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
        silo.Secure(certificates, settings.IsInsecureAllowed);
        silo.AddClientBoundary(settings.HasDashboard ? OrleansDashboard.Reads : []);
        if (settings.HasDashboard) OrleansDashboard.AddTo(silo);
        silo.UseFastFailover();
        silo.AddActivityPropagation();
        silo.AddGatewayLimits(
            new CounterGrainOptions
            {
                StrictWindows = settings.StrictWindows,
                Bounds = CounterSizes.Owned(settings),
            },
            ClientSetUp.LimiterOf(settings));
        if (store.Account is { } account) account.KeepIn(silo);
        else if (store.Folder is { } folder) silo.UseLocalStore(folder);
        else silo.Services.AddSingleton(store.Reservations!);
    }

    private static void Join(ISiloBuilder silo, ClusterSettings settings, ClusterStore store)
    {
        if (settings.Clustering == ClusteringKind.Localhost && store.Folder is null)
        {
            silo.UseLocalhostClustering(
                settings.SiloPort,
                settings.ClientPort,
                new IPEndPoint(IPAddress.Loopback, settings.PrimaryPort),
                settings.ServiceId,
                settings.OrleansClusterId);
            return;
        }

        if (store.Membership is { } membership) membership.Use(silo);
        else if (store.Account is { } account) account.Join(silo);
        silo.Configure<ClusterOptions>(cluster =>
            (cluster.ClusterId, cluster.ServiceId) = (settings.OrleansClusterId, settings.ServiceId));
        // An address that others can reach is a pod's, and a pod listens on all of its addresses.
        silo.ConfigureEndpoints(
            settings.Address, settings.SiloPort, settings.ClientPort, listenOnAnyHostAddress: settings.IsReachable);
    }
}
