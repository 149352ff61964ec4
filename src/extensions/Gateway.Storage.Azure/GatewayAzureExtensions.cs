using Azure.Data.Tables;
using Gateway.Orleans;
using Gateway.Storage.Azure.Accounts;

namespace Gateway.Storage.Azure;

/// <summary>Puts what a fleet shares into an Azure storage account.</summary>
public static class GatewayAzureExtensions
{
    private const string Reservations = "reservations";
    private const string Control = "control";

    /// <summary>Keeps reservations in blobs of this container, which is made if it is missing.</summary>
    public static ISiloBuilder AddAzureReservations(
        this ISiloBuilder silo, AzureAccount account, string container = "gateway-reservations")
    {
        AddBlobs(silo, Reservations, account, container);
        return silo.AddGrainStorageReservations(Reservations);
    }

    /// <summary>
    /// Keeps servers, policies, grants and keys in blobs of this container, which is made if it is missing.
    /// </summary>
    public static ISiloBuilder AddAzureControl(
        this ISiloBuilder silo, AzureAccount account, string container = "gateway-control")
    {
        AddBlobs(silo, Control, account, container);
        return silo.AddGrainStorageControl(Control);
    }

    /// <summary>Silos find each other in a table of this account.</summary>
    public static ISiloBuilder UseAzureClustering(this ISiloBuilder silo, AzureAccount account) =>
        silo.UseAzureStorageClustering(options => options.TableServiceClient = Tables(account));

    /// <summary>Frontends find silos in a table of this account.</summary>
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
