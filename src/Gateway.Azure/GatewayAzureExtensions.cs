using Gateway.Orleans;

namespace Gateway.Azure;

/// <summary>Puts what a fleet shares into an Azure storage account.</summary>
public static class GatewayAzureExtensions
{
    /// <summary>The name of the grain storage that holds reservations.</summary>
    private const string Storage = "reservations";

    /// <summary>Keeps reservations in blobs of this container, which is made if it is missing.</summary>
    public static ISiloBuilder AddAzureReservations(
        this ISiloBuilder silo, AzureAccount account, string container = "gateway-reservations")
    {
        silo.AddAzureBlobGrainStorage(Storage, options =>
        {
            options.BlobServiceClient = account.Blobs();
            options.ContainerName = container;
        });
        return silo.AddGrainStorageReservations(Storage);
    }

    /// <summary>Silos find each other in a table of this account.</summary>
    /// <exception cref="PlatformNotSupportedException">This build has no Azure tables.</exception>
    public static ISiloBuilder UseAzureClustering(this ISiloBuilder silo, AzureAccount account)
    {
        AzureClustering.Use(silo, account);
        return silo;
    }

    /// <summary>Frontends find silos in a table of this account.</summary>
    /// <exception cref="PlatformNotSupportedException">This build has no Azure tables.</exception>
    public static IClientBuilder UseAzureClustering(this IClientBuilder client, AzureAccount account)
    {
        AzureClustering.Use(client, account);
        return client;
    }
}
