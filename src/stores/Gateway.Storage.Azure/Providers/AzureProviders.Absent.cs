using Gateway.Storage.Azure.Accounts;

namespace Gateway.Storage.Azure.Providers;

/// <summary>Stands where Orleans' packages for Azure could not be had when this was built.</summary>
internal static class AzureProviders
{
    public const bool AreBuiltIn = false;

    public static void AddBlobs(ISiloBuilder silo, string storage, AzureAccount account, string container) =>
        throw new PlatformNotSupportedException();

    public static void UseTable(ISiloBuilder silo, AzureAccount account) => throw new PlatformNotSupportedException();

    public static void UseTable(IClientBuilder client, AzureAccount account) =>
        throw new PlatformNotSupportedException();
}
