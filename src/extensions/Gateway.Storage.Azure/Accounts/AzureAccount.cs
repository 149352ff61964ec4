using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace Gateway.Storage.Azure.Accounts;

/// <summary>
/// A storage account: by connection string, or by its addresses and the identity of this process (in Kubernetes the
/// pod's workload identity).
/// </summary>
public sealed class AzureAccount
{
    /// <summary>What one exchange may take; after it, the outcome is unknown and the owner reads.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(2);

    private AzureAccount(string? connectionString, Uri? blobs, Uri? tables)
    {
        ConnectionString = connectionString;
        BlobAddress = blobs;
        TableAddress = tables;
        Identity = connectionString is null ? new DefaultAzureCredential() : null;
    }

    internal string? ConnectionString { get; }

    internal Uri? BlobAddress { get; }

    internal Uri? TableAddress { get; }

    internal TokenCredential? Identity { get; }

    /// <summary>An account with its key, or an emulator.</summary>
    /// <exception cref="FormatException">It is no connection string of a storage account.</exception>
    public static AzureAccount FromConnectionString(string connectionString)
    {
        var account = new AzureAccount(connectionString, null, null);
        _ = account.Blobs();
        return account;
    }

    /// <summary>An account that knows this process by its identity.</summary>
    /// <param name="blobs">Such as <c>https://account.blob.core.windows.net</c>.</param>
    /// <param name="tables">Such as <c>https://account.table.core.windows.net</c>; null where none is used.</param>
    /// <exception cref="FormatException">One is not https, over which alone an identity is sent.</exception>
    public static AzureAccount FromAddresses(Uri blobs, Uri? tables)
    {
        foreach (var address in (Uri?[])[blobs, tables])
            if (address is not null && address.Scheme != Uri.UriSchemeHttps)
                throw new FormatException($"{address} is not https, over which alone this process may say who it is.");
        return new AzureAccount(null, blobs, tables);
    }

    /// <summary>
    /// A client that sends nothing twice by itself: a write sent again could be refused because of its own first
    /// sending.
    /// </summary>
    internal BlobServiceClient Blobs()
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = NetworkTimeout;
        return ConnectionString is { } connection
            ? new BlobServiceClient(connection, options)
            : new BlobServiceClient(BlobAddress, Identity, options);
    }
}
