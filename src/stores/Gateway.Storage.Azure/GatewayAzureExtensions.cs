using Gateway.Orleans;
using Gateway.Storage.Azure.Accounts;
using Gateway.Storage.Azure.Providers;

namespace Gateway.Storage.Azure;

/// <summary>Puts what a fleet shares into an Azure storage account.</summary>
public static class GatewayAzureExtensions
{
    private const string Reservations = "reservations";
    private const string Control = "control";

    /// <summary>
    /// False where this was built without Orleans' packages for Azure; all else here then throws
    /// <see cref="PlatformNotSupportedException"/>.
    /// </summary>
    public static bool IsAvailable => AzureProviders.AreBuiltIn;

    /// <summary>Keeps reservations in blobs of this container, which is made if it is missing.</summary>
    public static ISiloBuilder AddAzureReservations(
        this ISiloBuilder silo, AzureAccount account, string container = "gateway-reservations")
    {
        AzureProviders.AddBlobs(silo, Reservations, account, container);
        return silo.AddGrainStorageReservations(Reservations);
    }

    /// <summary>
    /// Keeps servers, policies, grants and keys in blobs of this container, which is made if it is missing.
    /// </summary>
    public static ISiloBuilder AddAzureControl(
        this ISiloBuilder silo, AzureAccount account, string container = "gateway-control")
    {
        AzureProviders.AddBlobs(silo, Control, account, container);
        return silo.AddGrainStorageControl(Control);
    }

    /// <summary>Silos find each other in a table of this account.</summary>
    public static ISiloBuilder UseAzureClustering(this ISiloBuilder silo, AzureAccount account)
    {
        AzureProviders.UseTable(silo, account);
        return silo;
    }

    /// <summary>Frontends find silos in a table of this account.</summary>
    public static IClientBuilder UseAzureClustering(this IClientBuilder client, AzureAccount account)
    {
        AzureProviders.UseTable(client, account);
        return client;
    }
}
