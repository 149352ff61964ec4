using Gateway.Storage.Azure.Accounts;

namespace Gateway.Storage.Azure.Clustering;

/// <summary>Stands where the packages for Azure tables could not be had when this was built.</summary>
internal static class AzureClustering
{
    private const string Missing = "This build has no Azure tables: let the silos find each other in PostgreSQL.";

    public static void Use(ISiloBuilder silo, AzureAccount account) => throw new PlatformNotSupportedException(Missing);

    public static void Use(IClientBuilder client, AzureAccount account) =>
        throw new PlatformNotSupportedException(Missing);
}
