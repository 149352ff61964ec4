using Gateway.Orleans.Documents;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Documents.Wire;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Gateway.Orleans.Tests.Documents;

/// <summary>Silos in this process with one control grain over one storage.</summary>
internal sealed class ControlCluster : IAsyncDisposable
{
    private const string StorageName = "control";

    private ControlCluster(InProcessTestCluster orleans, SharedGrainStorage storage)
    {
        (Orleans, Storage) = (orleans, storage);
        Store = new GrainControlStore(orleans.Client, TimeProvider.System);
    }

    public InProcessTestCluster Orleans { get; }

    public SharedGrainStorage Storage { get; }

    public GrainControlStore Store { get; }

    public static async Task<ControlCluster> StartAsync(short silos = 1, ControlGrainOptions? options = null)
    {
        var storage = new SharedGrainStorage();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageName, storage);
            silo.AddGrainStorageControl(StorageName, options);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new ControlCluster(cluster, storage);
    }

    /// <summary>One more frontend.</summary>
    public GrainControlStore NewStore() => new(Orleans.Client, TimeProvider.System);

    /// <summary>What a second activation would keep, of which the fleet's directory knows nothing.</summary>
    public DocumentReplica NewKeeper(Action overtaken) =>
        new(
            new ControlRecords(Storage, TimeProvider.System, NullLogger<ControlRecords>.Instance),
            TimeProvider.System,
            new ControlGrainOptions().BytesMax,
            NullLogger.Instance)
        {
            Changed = static () => { },
            Overtaken = overtaken,
        };

    /// <summary>The silo of the activation that answers, once there is one.</summary>
    public async Task<InProcessSiloHandle> OwnerAsync()
    {
        var grain = Orleans.Client.GetGrain<IControlGrain>(IControlGrain.GrainKey);
        var management = Orleans.Client.GetGrain<IManagementGrain>(0);
        var address = await management.GetActivationAddress(grain);
        return Orleans.Silos.Single(silo => silo.SiloAddress.Equals(address));
    }

    public async ValueTask DisposeAsync() => await Orleans.DisposeAsync();
}
