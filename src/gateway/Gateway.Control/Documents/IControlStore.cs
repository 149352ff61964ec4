namespace Gateway.Control.Documents;

/// <summary>
/// The store of servers, policies, grants and the other small documents of the control plane. One revision counts every
/// change of the whole store; a document's version is the revision that wrote it, so no version is ever reused.
/// </summary>
public interface IControlStore
{
    /// <summary>
    /// True if other processes write to this store too. Then a snapshot is only as good as the last time the store was
    /// reached; otherwise it is never stale.
    /// </summary>
    bool IsShared { get; }

    /// <summary>The archive in the same store.</summary>
    IArchive Archive { get; }

    /// <summary>Reads every document, as of one revision.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes or deletes a document if it is still at the expected version. Call the methods of
    /// <see cref="ControlStoreChanges"/> instead, which check their arguments.
    /// </summary>
    /// <param name="key">The document's kind and name.</param>
    /// <param name="expectedVersion">The version to replace; 0 if the document must not exist yet.</param>
    /// <param name="content">The new content; null deletes the document.</param>
    /// <param name="cancellationToken">Stops waiting; the change may have happened.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; the change may have happened.</exception>
    ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the store's revision as soon as it differs from <paramref name="revision"/>, at the latest after
    /// <paramref name="atMost"/>. Each return proves that the store was reached after the call began.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken);
}
