using Azure.Data.Tables;
using Gateway.Storage.Azure.Accounts;

namespace Gateway.Storage.Azure.Providers;

/// <summary>Orleans' providers over an account: blobs for what grains keep, a table for the members.</summary>
internal static class AzureProviders
{
    public const bool AreBuiltIn = true;

    public static void AddBlobs(ISiloBuilder silo, string storage, AzureAccount account, string container) =>
        silo.AddAzureBlobGrainStorage(storage, options =>
        {
            options.BlobServiceClient = account.Blobs();
            options.ContainerName = container;
        });

    public static void UseTable(ISiloBuilder silo, AzureAccount account) =>
        silo.UseAzureStorageClustering(options => options.TableServiceClient = Tables(account));

    public static void UseTable(IClientBuilder client, AzureAccount account) =>
        client.UseAzureStorageClustering(options => options.TableServiceClient = Tables(account));

    private static TableServiceClient Tables(AzureAccount account) => account.ConnectionString is { } connection
        ? new TableServiceClient(connection)
        : new TableServiceClient(account.TableAddress, account.Identity);
}
