namespace Gateway.Control.Documents;

/// <summary>
/// Every control document as of the moment of the request. A shared store is first queried for its revision, and is
/// read whole only if the revision has advanced: once, however many suspended calls wait for it.
/// </summary>
public sealed class DocumentCache(IControlStore store) : IDisposable
{
    private const long NoRevision = -1;
    private readonly SemaphoreSlim _reading = new(1);
    private volatile ControlSnapshot? _last;

    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    public async ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (!store.IsShared)
            return await store.ReadAsync(cancellationToken);
        var known = _last;
        var revision = await store.WaitAsync(known?.Revision ?? NoRevision, TimeSpan.Zero, cancellationToken);
        if (known?.Revision == revision)
            return known;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            // Another call may have read it in the meantime; a state no older than the revision above is current.
            if (_last is { } read && read.Revision >= revision)
                return read;
            return _last = await store.ReadAsync(cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();
}
