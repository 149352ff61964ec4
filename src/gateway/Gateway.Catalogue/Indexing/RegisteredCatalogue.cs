using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;

namespace Gateway.Catalogue.Indexing;

/// <summary>
/// The tools of the registered servers as an index in memory, rebuilt when an inventory or an operator's classification
/// changes.
/// </summary>
public sealed class RegisteredCatalogue(InventoryStore inventories, SnapshotUpdater control, TimeProvider time)
    : IDisposable
{
    private readonly SemaphoreSlim _making = new(1);
    private IReadOnlyList<(ControlKey Key, long Version)> _of = [];
    private CatalogueIndex? _index;
    private volatile IReadOnlyDictionary<(string Server, string Tool), string> _apps =
        new Dictionary<(string, string), string>();

    /// <summary>Returns the current index.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<CatalogueIndex> CurrentAsync(CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            var state = control.State;
            List<(ControlKey, long)> of =
            [
                .. state.Documents.OfKind(ControlKinds.Servers).Concat(state.Documents.OfKind(ControlKinds.Inventories))
                    .Concat(state.Documents.OfKind(ControlKinds.Classifications))
                    .Select(static one => (one.Key, one.Version)),
                .. state.Objects.Servers.Keys.Order(StringComparer.Ordinal)
                    .Select(static name => (new ControlKey(ControlKinds.Servers, name), 0L)),
            ];
            if (_index is null || !of.SequenceEqual(_of))
                (_index, _of) = (await MakeAsync(state, cancellationToken), of);
            return _index;
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>
    /// Returns the URI of the app that displays a tool's results, as of the current index; null if there is none.
    /// </summary>
    public string? AppOf(string server, string tool) => _apps.GetValueOrDefault((server, tool));

    /// <inheritdoc/>
    public void Dispose() => _making.Dispose();

    private async Task<CatalogueIndex> MakeAsync(ControlState state, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        using var builder = new IndexBuilder(stream);
        var apps = new Dictionary<(string, string), string>();
        foreach (var (server, model) in state.Objects.Servers.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            var kept = await inventories.FindAsync(server, cancellationToken);
            var transport = model.Url is null ? KnownTransport.Stdio
                : model.Transport == ServerTransport.Sse ? KnownTransport.Sse : KnownTransport.Http;
            builder.BeginServer(server, kept?.Instructions, new ServerOrigin(null, null, transport));
            foreach (var item in kept?.Offered ?? [])
            {
                var facts = ToolFacts.Of(new ListedItem(item.Kind, item.Name, item.Definition ?? "{}"));
                var found = OperatorClassifications.Of(state.Documents, server, facts);
                builder.Add(new IndexedTool(
                    server, facts.Name, facts.Title, facts.Description, found.Category, found.Risk, found.Confidence));
                if (facts.App is { } app)
                    apps[(server, facts.Name)] = app;
            }
        }

        builder.Finish(time.GetUtcNow());
        _apps = apps;
        return CatalogueIndex.Of(stream.ToArray());
    }
}
