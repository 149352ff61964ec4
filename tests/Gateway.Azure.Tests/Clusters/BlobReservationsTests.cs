using Gateway.Orleans;
using Gateway.Orleans.Client;
using Gateway.Orleans.Tests.Storage;
using Gateway.Storage.Azure;
using Gateway.Storage.Azure.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Gateway.Azure.Tests.Clusters;

/// <summary>Reservations in blobs of an emulated account.</summary>
public sealed class BlobReservationsTests : IAsyncLifetime
{
    private AzuriteProcess? _azurite;
    private InProcessTestCluster? _orleans;

    public async Task InitializeAsync()
    {
        if (new AzuriteFactAttribute().Skip is not null) return;
        _azurite = await AzuriteProcess.StartAsync();
        var account = AzureAccount.FromConnectionString(_azurite.ConnectionString);
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddGatewayLimits();
            silo.AddAzureReservations(account);
        });
        _orleans = builder.Build();
        await _orleans.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        if (_orleans is not null) await _orleans.DisposeAsync();
        if (_azurite is not null) await _azurite.DisposeAsync();
    }

    [AzuriteFact]
    public async Task Blobs_keep_reservations_as_a_grain_storage_must()
    {
        var storage = _orleans!.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("reservations");

        await GrainStorageReservationsKit.RunAsync(storage);
    }

    [Trait("run", "full")]
    [AzuriteFact]
    public async Task Admits_exactly_the_maximum_while_a_silo_stops()
    {
        var clock = new ProcessClock(TimeProvider.System);
        using var limiter = new ClusterEngine(
            _orleans!.Client, clock, new ClusterEngineOptions(), TimeProvider.System,
            NullLogger<ClusterEngine>.Instance);
        var cost = Asked.Cost(200, window: "month");

        var first = await CallAsync(100);
        await _orleans.StopSiloAsync(_orleans.Silos[^1]);
        var second = await CallAsync(300);

        // A message without a reply within a second denies its calls, which may be counted or not.
        var admitted = first.Admitted + second.Admitted;
        Assert.Equal(100, first.Admitted + first.Unanswered);
        Assert.InRange(admitted, 200 - first.Unanswered - second.Unanswered, 200);
        Assert.True(second.Admitted > 0);

        async Task<(int Admitted, int Unanswered)> CallAsync(int calls)
        {
            var decisions = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ =>
                limiter.AcquireAsync(Asked.Call(clock.NowMs(), cost), default).AsTask()));
            return (decisions.Count(decision => decision.IsAdmitted),
                decisions.Count(decision => decision.Refusal?.Kind == RefusalKind.EngineUnavailable));
        }
    }
}
