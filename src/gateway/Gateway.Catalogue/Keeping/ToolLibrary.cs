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
    private readonly ConcurrentDictionary<string, Task<ToolShelf>> _shelves = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ToolShelf? Known(string server) =>
#pragma warning disable RS0030 // The task is completed.
        _shelves.TryGetValue(server, out var known) && known.IsCompleted ? known.Result : null;
#pragma warning restore RS0030

    /// <inheritdoc/>
    public async Task<ToolShelf> OfAsync(ServerModel server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
#pragma warning disable RS0030 // The task is completed.
        if (_shelves.TryGetValue(server.Name, out var known) && !(known.IsCompleted && IsOld(server, known.Result)))
#pragma warning restore RS0030
            return await known.WaitAsync(cancellationToken);
        // Concurrent callers wait for the first one; a caller that leaves does not cancel the request for the others.
        var read = new TaskCompletionSource<ToolShelf>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (known is null ? !_shelves.TryAdd(server.Name, read.Task)
            : !_shelves.TryUpdate(server.Name, read.Task, known))
            return await _shelves.GetValueOrDefault(server.Name, read.Task).WaitAsync(cancellationToken);
        _ = FillAsync(server, read);
        return await read.Task.WaitAsync(cancellationToken);
    }

    private async Task FillAsync(ServerModel server, TaskCompletionSource<ToolShelf> read)
    {
        var number = inventories.Pointer(server.Name)?.Number ?? 0;
        try
        {
            var inventory = await reader.ReadAsync(server, asked: false, CancellationToken.None);
            var tools = inventory.Items.Where(static item => item.Kind == InventoryKind.Tool)
                .Select(static item => SearchableTool.Of(item.Name, item.Definition))
                .OrderBy(static tool => tool.Name, StringComparer.Ordinal);
            read.SetResult(new ToolShelf(server, number, time.GetUtcNow(), [.. tools], null));
        }
        catch (Exception e)
        {
            // After any error, no tools of that server are found for now, and callers receive the reason.
            read.SetResult(new ToolShelf(server, number, time.GetUtcNow(), [], e.Message));
        }

        var servers = control.State.Objects.Servers;
        foreach (var gone in _shelves.Keys.Where(name => !servers.ContainsKey(name)))
            _shelves.TryRemove(gone, out _);
    }

    private bool IsOld(ServerModel server, ToolShelf shelf) =>
        !ServerReachComparer.Instance.Equals(shelf.Server, server)
        || (options.Every == TimeSpan.Zero || shelf.Why is not null
            ? time.GetUtcNow() - shelf.ReadAt >= AskAgain
            : shelf.Number != (inventories.Pointer(server.Name)?.Number ?? 0));
}
