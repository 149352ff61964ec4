using Gateway.Control.Documents;
using Gateway.Orleans.Documents;
using Gateway.Storage.Azure;
using Gateway.Storage.Azure.Accounts;
using Orleans.TestingHost;

namespace Gateway.Azure.Tests.Clusters;

/// <summary>Control documents in blobs of an emulated account; every behaviour is tested where the grain is.</summary>
public sealed class BlobControlTests
{
    private static readonly ControlKey Bot = new(ControlKinds.Grants, "b/ü t%");

    [AzuriteFact]
    public async Task Documents_are_found_again_when_every_silo_was_replaced()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        var large = Encoding.UTF8.GetBytes('"' + new string('x', 1_000_000) + '"');
        await using (var first = await StartAsync(azurite))
        {
            var store = new GrainControlStore(first.Client, TimeProvider.System);
            Assert.Equal(ControlWrite.Written(1), await store.WriteAsync(Bot, 0, "1"u8.ToArray(), default));
            Assert.Equal(ControlWrite.Conflict(1), await store.WriteAsync(Bot, 0, "2"u8.ToArray(), default));
            Assert.Equal(ControlWrite.Written(2), await store.WriteAsync(Bot, 1, large, default));
        }

        await using var second = await StartAsync(azurite);
        var found = await new GrainControlStore(second.Client, TimeProvider.System).ReadAsync(default);

        Assert.Equal(2, found.Revision);
        Assert.Equal(large, found.Find(Bot)!.Content.ToArray());
    }

    private static async Task<InProcessTestCluster> StartAsync(AzuriteProcess azurite)
    {
        var account = AzureAccount.FromConnectionString(azurite.ConnectionString);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddAzureControl(account));
        var orleans = builder.Build();
        await orleans.DeployAsync();
        return orleans;
    }
}
