using System.Collections.Concurrent;
using Gateway.Catalogue.Listing;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The searchable tools of servers, from the inventories. A server without a known inventory is listed. Without
/// periodic lists, every server is listed again after a few seconds.
/// </summary>
internal sealed class ToolLibrary(
    InventoryReader reader, InventoryStore inventories, SnapshotUpdater control, InventoryOptions options,
    TimeProvider time) : IToolLibrary
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Task<ServerTools>> _toolsByServer = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ServerTools? Known(string server) =>
#pragma warning disable RS0030 // The task is completed.
        _toolsByServer.TryGetValue(server, out var known) && known.IsCompleted ? known.Result : null;
#pragma warning restore RS0030

    /// <inheritdoc/>
    public async Task<ServerTools> OfAsync(ServerModel server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
#pragma warning disable RS0030 // The task is completed.
        if (_toolsByServer.TryGetValue(server.Name, out var known)
            && !(known.IsCompleted && IsOld(server, known.Result)))
#pragma warning restore RS0030
            return await known.WaitAsync(cancellationToken);
        // Concurrent callers wait for the first one; a caller that leaves does not cancel the request for the others.
        var read = new TaskCompletionSource<ServerTools>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (known is null ? !_toolsByServer.TryAdd(server.Name, read.Task)
            : !_toolsByServer.TryUpdate(server.Name, read.Task, known))
            return await _toolsByServer.GetValueOrDefault(server.Name, read.Task).WaitAsync(cancellationToken);
        _ = FillAsync(server, read);
        return await read.Task.WaitAsync(cancellationToken);
    }

    private async Task FillAsync(ServerModel server, TaskCompletionSource<ServerTools> read)
    {
        var number = inventories.Pointer(server.Name)?.Number ?? 0;
        try
        {
            var inventory = await reader.ReadAsync(server, asked: false, CancellationToken.None);
            var tools = inventory.Items.Where(static item => item.Kind == InventoryKind.Tool)
                .Select(item => SearchableTool.Of(item.Name, item.Definition, server.Name))
                .OrderBy(static tool => tool.Name, StringComparer.Ordinal);
            read.SetResult(new ServerTools(server, number, time.GetUtcNow(), [.. tools], null));
        }
        catch (Exception e)
        {
            // After any error, no tools of that server are found for now, and callers receive the reason.
            read.SetResult(new ServerTools(server, number, time.GetUtcNow(), [], e.Message));
        }

        var servers = control.State.Objects.Servers;
        foreach (var gone in _toolsByServer.Keys.Where(name => !servers.ContainsKey(name)))
            _toolsByServer.TryRemove(gone, out _);
    }

    private bool IsOld(ServerModel server, ServerTools tools) =>
        !ServerReachComparer.Instance.Equals(tools.Server, server)
        || (options.Every == TimeSpan.Zero || tools.Why is not null
            ? time.GetUtcNow() - tools.ReadAt >= AskAgain
            : tools.Number != (inventories.Pointer(server.Name)?.Number ?? 0));
}
