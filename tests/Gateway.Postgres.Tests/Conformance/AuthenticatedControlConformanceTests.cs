using Gateway.Control.Authenticity;
using Gateway.Control.Documents;
using Gateway.Postgres.Tests.Documents;
using Gateway.Proxy.Conformance;

namespace Gateway.Postgres.Tests.Conformance;

/// <summary>A store whose documents are authenticated behaves like the store beneath it.</summary>
[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class AuthenticatedControlConformanceTests(SharedDatabase shared) : ControlStoreConformance
{
    private ControlBench? _bench;

    public override async Task DisposeAsync() => await _bench!.DisposeAsync();

    // A code goes before each document, and the index of versions after it.
    protected override void AssertRevision(long written, long revision) =>
        Assert.InRange(revision, written - 1, written + 1);

    protected override async Task<IControlStore> OpenAsync()
    {
        _bench = await ControlBench.OpenAsync(shared.NewOptions());
        var options = new AuthenticityOptions
        {
            Keys = DocumentKeys.Parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "keys"),
            Memory = new IndexMemory(null, TimeProvider.System, static _ => ValueTask.CompletedTask),
        };
        return new AuthenticatedControlStore(
            _bench.Store, options, NullLogger<AuthenticatedControlStore>.Instance);
    }
}
