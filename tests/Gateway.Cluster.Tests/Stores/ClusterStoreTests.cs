using Gateway.Cluster.Settings;
using Gateway.Cluster.Stores;

namespace Gateway.Cluster.Tests.Stores;

public sealed class ClusterStoreTests
{
    [Theory]
    [InlineData((int)ClusterRole.Silo)]
    [InlineData((int)ClusterRole.Frontend)]
    public async Task A_process_without_a_store_names_the_missing_option(int role)
    {
        var refusal = await RefusedAsync(new() { Role = (ClusterRole)role, Name = "test" });

        Assert.Contains("--store postgres://", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clustering_in_azure_needs_an_account()
    {
        var refusal = await RefusedAsync(new()
        {
            Role = ClusterRole.Silo,
            Name = "test",
            Clustering = ClusteringKind.Azure,
            Store = "postgres://gateway@127.0.0.1/gateway",
        });

        Assert.Contains("--azure-blobs", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clustering_in_azure_by_an_identity_needs_the_address_of_the_tables_too()
    {
        var refusal = await RefusedAsync(new()
        {
            Role = ClusterRole.Silo,
            Name = "test",
            Clustering = ClusteringKind.Azure,
            AzureBlobs = new Uri("https://account.blob.core.windows.net"),
            Accounts = ProgramExtensions.Accounts,
        });

        Assert.Contains("--azure-tables", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_without_the_extension_refuses_an_account()
    {
        var refusal = await RefusedAsync(new()
        {
            Role = ClusterRole.Silo,
            Name = "test",
            AzureBlobs = new Uri("https://account.blob.core.windows.net"),
        });

        Assert.Contains("built without", refusal, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(ClusterSettings settings) =>
        (await Assert.ThrowsAsync<SettingsException>(() =>
            ClusterStore.OpenAsync(settings, new ProcessClock(TimeProvider.System), CancellationToken.None))).Message;
}
