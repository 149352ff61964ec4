using Gateway.Orleans;
using Orleans.Messaging;
using Orleans.Serialization;
using Orleans.Storage;

namespace Gateway.Cluster.Local;

/// <summary>
/// Stores the shared state of a fleet on one machine in a folder: reservations, documents, membership.
/// </summary>
internal static class LocalStoreExtensions
{
    private const string Storage = "local";
    private const string Members = "members";

    /// <summary>Stores reservations and control documents in the folder, and finds the other silos there.</summary>
    public static ISiloBuilder UseLocalStore(this ISiloBuilder silo, string folder)
    {
        silo.Services.AddKeyedSingleton<IGrainStorage>(Storage, (services, _) => new LocalGrainStorage(
            folder, new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>())));
        silo.Services.AddSingleton<IMembershipTable>(new LocalMembership(Path.Combine(folder, Members)));
        return silo.AddGrainStorageReservations(Storage).AddGrainStorageControl(Storage);
    }

    /// <summary>Finds the silos in the folder.</summary>
    public static IClientBuilder UseLocalStore(this IClientBuilder client, string folder)
    {
        client.Services.AddSingleton<IGatewayListProvider>(new LocalMembership(Path.Combine(folder, Members)));
        return client;
    }
}
