namespace Gateway.Proxy.Control;

/// <summary>
/// Every control document as of the moment of the question. A shared store is asked for its revision, and read whole
/// only where that has moved on.
/// </summary>
internal sealed class CurrentDocuments(IControlStore store)
{
    private volatile ControlSnapshot? _last;

    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    public async ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (!store.IsShared)
            return await store.ReadAsync(cancellationToken);
        if (_last is { } last && await store.WaitAsync(
            last.Revision, TimeSpan.Zero, cancellationToken) == last.Revision)
        {
            return last;
        }

        return _last = await store.ReadAsync(cancellationToken);
    }
}
