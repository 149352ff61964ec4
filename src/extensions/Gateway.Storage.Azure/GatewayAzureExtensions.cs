using Azure.Data.Tables;
using Gateway.Orleans;
using Gateway.Storage.Azure.Accounts;

namespace Gateway.Storage.Azure;

/// <summary>Extension methods that store the shared state of a fleet in an Azure storage account.</summary>
public static class GatewayAzureExtensions
{
    private const string Reservations = "reservations";
    private const string Control = "control";

    /// <summary>Stores reservations in blobs of this container, which is created if it is missing.</summary>
    public static ISiloBuilder AddAzureReservations(
        this ISiloBuilder silo, AzureAccount account, string container = "gateway-reservations")
    {
        AddBlobs(silo, Reservations, account, container);
        return silo.AddGrainStorageReservations(Reservations);
    }

    /// <summary>
    /// Stores servers, policies, grants and keys in blobs of this container, which is created if it is missing.
    /// </summary>
    public static ISiloBuilder AddAzureControl(
        this ISiloBuilder silo, AzureAccount account, string container = "gateway-control")
    {
        AddBlobs(silo, Control, account, container);
        return silo.AddGrainStorageControl(Control);
    }

    /// <summary>Lets silos find each other through a table of this account.</summary>
    public static ISiloBuilder UseAzureClustering(this ISiloBuilder silo, AzureAccount account) =>
        silo.UseAzureStorageClustering(options => options.TableServiceClient = Tables(account));

    /// <summary>Lets frontends find silos through a table of this account.</summary>
    public static IClientBuilder UseAzureClustering(this IClientBuilder client, AzureAccount account) =>
        client.UseAzureStorageClustering(options => options.TableServiceClient = Tables(account));

    private static void AddBlobs(ISiloBuilder silo, string storage, AzureAccount account, string container) =>
        silo.AddAzureBlobGrainStorage(storage, options =>
        {
            options.BlobServiceClient = account.Blobs();
            options.ContainerName = container;
        });

    private static TableServiceClient Tables(AzureAccount account) => account.ConnectionString is { } connection
        ? new TableServiceClient(connection)
        : new TableServiceClient(account.TableAddress, account.Identity);
}
