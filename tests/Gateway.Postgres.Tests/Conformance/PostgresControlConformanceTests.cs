using Gateway.Control.Documents;
using Gateway.Postgres.Tests.Documents;
using Gateway.Proxy.Conformance;

namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class PostgresControlConformanceTests(SharedDatabase shared) : ControlStoreConformance
{
    private ControlBench? _bench;

    public override async Task DisposeAsync() => await _bench!.DisposeAsync();

    protected override async Task<IControlStore> OpenAsync()
    {
        _bench = await ControlBench.OpenAsync(shared.NewOptions());
        return _bench.Store;
    }
}
