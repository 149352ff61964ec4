using Azure.Data.Tables;

namespace Gateway.Storage.Azure.Clustering;

/// <summary>The membership table in an Azure table.</summary>
internal static class AzureClustering
{
    public static void Use(ISiloBuilder silo, AzureAccount account) =>
        silo.UseAzureStorageClustering(options => options.TableServiceClient = Tables(account));

    public static void Use(IClientBuilder client, AzureAccount account) =>
        client.UseAzureStorageClustering(options => options.TableServiceClient = Tables(account));

    private static TableServiceClient Tables(AzureAccount account) => account.ConnectionString is { } connection
        ? new TableServiceClient(connection)
        : new TableServiceClient(account.TableAddress, account.Identity);
}
