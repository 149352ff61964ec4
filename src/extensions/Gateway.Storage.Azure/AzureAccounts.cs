using Azure;
using Azure.Identity;
using Gateway.Orleans.Accounts;
using Gateway.Storage.Azure.Accounts;

namespace Gateway.Storage.Azure;

/// <summary>Azure storage accounts for a fleet.</summary>
public sealed class AzureAccounts : IFleetAccounts
{
    /// <inheritdoc/>
    public IFleetAccount Open(string connectionString) =>
        new Fleet(AzureAccount.FromConnectionString(connectionString));

    /// <inheritdoc/>
    public IFleetAccount Open(Uri blobs, Uri? tables) => new Fleet(AzureAccount.FromAddresses(blobs, tables));

    /// <inheritdoc/>
    public string? ProblemOf(Exception exception) =>
        // Without the response body, which follows in the message.
        exception is RequestFailedException or AuthenticationFailedException
            ? $"Azure Storage: {exception.Message.Split('\n')[0].TrimEnd()}"
            : null;

    /// <inheritdoc/>
    public bool IsAway(Exception exception) => exception is RequestFailedException { Status: 0 or >= 500 };

    private sealed class Fleet(AzureAccount account) : IFleetAccount
    {
        public void Join(ISiloBuilder silo) => silo.UseAzureClustering(account);

        public void Join(IClientBuilder client) => client.UseAzureClustering(account);

        public void KeepIn(ISiloBuilder silo) => silo.AddAzureReservations(account).AddAzureControl(account);
    }
}
