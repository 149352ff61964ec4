using Gateway.Control.Documents;
using Gateway.Storage.Local.Files;

namespace Gateway.Server.Tests.Admin;

/// <summary>Gateways that follow each other's decisions over one store, by a clock that stands.</summary>
internal sealed class LiveNodes : IDisposable
{
    private readonly TestFolder _folder = new("gateway-live-");
    private readonly FileControlStore _files;
    private readonly List<LiveNode> _all = [];

    private LiveNodes()
    {
        _files = FileControlStore.Open(Path.Combine(_folder.Path, "control"), TimeProvider.System);
        Store = new LiveStore(_files);
    }

    public FakeTimeProvider Time { get; } = new();

    public LiveStore Store { get; }

    /// <summary>Those that have not ended.</summary>
    public IEnumerable<LiveNode> Running => _all;

    /// <summary>With a store that was written before.</summary>
    public static async Task<LiveNodes> CreateAsync()
    {
        var nodes = new LiveNodes();
        await nodes._files.WriteAsync(
            new ControlKey(ControlKinds.Events, "any"), 0, Encoding.UTF8.GetBytes("{}"), default);
        return nodes;
    }

    public LiveNode Start()
    {
        var node = new LiveNode(Path.Combine(_folder.Path, $"data-{_all.Count}"), Store, Time);
        _all.Add(node);
        return node;
    }

    public void Dispose()
    {
        foreach (var node in _all)
            node.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }
}
