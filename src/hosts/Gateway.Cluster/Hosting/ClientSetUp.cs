using Gateway.Cluster.Certificates;
using Gateway.Cluster.Clustering;
using Gateway.Cluster.Dashboard;
using Gateway.Cluster.Local;
using Gateway.Cluster.Settings;
using Gateway.Cluster.Stores;
using Gateway.Orleans;
using Gateway.Orleans.Client;
using Orleans.Configuration;

namespace Gateway.Cluster.Hosting;

/// <summary>Configures a frontend's connection to the silos.</summary>
internal static class ClientSetUp
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static void Configure(
        IClientBuilder client, ClusterSettings settings, ClusterStore store, ClusterCertificates? certificates,
        TimeProvider time)
    {
        if (settings.Clustering != ClusteringKind.Localhost || store.Folder is not null)
        {
            if (store.Membership is { } membership) membership.Use(client);
            else if (store.Folder is { } folder) client.UseLocalStore(folder);
            else store.Account!.Join(client);
            client.Configure<ClusterOptions>(cluster =>
                (cluster.ClusterId, cluster.ServiceId) = (settings.OrleansClusterId, settings.ServiceId));
        }
        else
        {
            client.UseLocalhostClustering([settings.ClientPort], settings.ServiceId, settings.OrleansClusterId);
        }

        client.Secure(certificates, settings.IsInsecureAllowed);
        client.UseFastFailover();
        client.AddActivityPropagation();
        client.AddGatewayLimits(LimiterOf(settings));
        if (settings.HasDashboard) OrleansDashboard.AddTo(client);

        // A frontend that starts before the first silo waits for it and is not ready until then.
        client.UseConnectionRetryFilter(async (_, cancellationToken) =>
        {
            await Task.Delay(RetryDelay, time, cancellationToken);
            return true;
        });
    }

    /// <summary>Returns the limiter options of any process of the fleet.</summary>
    public static ClusterEngineOptions LimiterOf(ClusterSettings settings) => new()
    {
        StrictWindows = settings.StrictWindows,
        Bounds = CounterSizes.Asked(settings),
    };
}
