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
    /// <summary>The limit for one exchange; after it, the outcome is unknown and the owner reads.</summary>
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

    /// <summary>Returns an account with its key, or an emulator.</summary>
    /// <exception cref="FormatException">The text is not a connection string of a storage account.</exception>
    public static AzureAccount FromConnectionString(string connectionString)
    {
        var account = new AzureAccount(connectionString, null, null);
        _ = account.Blobs();
        return account;
    }

    /// <summary>Returns an account that recognizes this process by its identity.</summary>
    /// <param name="blobs">The blob endpoint, such as <c>https://account.blob.core.windows.net</c>.</param>
    /// <param name="tables">
    /// The table endpoint, such as <c>https://account.table.core.windows.net</c>; null if none is used.
    /// </param>
    /// <exception cref="FormatException">An address is not https; an identity is sent only over https.</exception>
    public static AzureAccount FromAddresses(Uri blobs, Uri? tables)
    {
        foreach (var address in (Uri?[])[blobs, tables])
            if (address is not null && address.Scheme != Uri.UriSchemeHttps)
                throw new FormatException($"{address} is not https; this process sends its identity only over https.");
        return new AzureAccount(null, blobs, tables);
    }

    /// <summary>
    /// Returns a client without automatic retries: a repeated write could be refused because its first attempt
    /// succeeded.
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
