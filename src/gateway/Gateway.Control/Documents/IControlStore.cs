namespace Gateway.Control.Documents;

/// <summary>
/// Where servers, policies, grants and the other small documents of the control plane live. One revision counts every
/// change of the whole store; a document's version is the revision that wrote it, so no version ever comes back.
/// </summary>
public interface IControlStore
{
    /// <summary>
    /// Whether other processes write here too. Then a snapshot is only as good as the last time the store was reached;
    /// otherwise it is never stale.
    /// </summary>
    bool IsShared { get; }

    /// <summary>What was, in the same store.</summary>
    IArchive Archive { get; }

    /// <summary>Every document, as of one revision.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes a document if it is still at the expected version.</summary>
    /// <param name="key">Which document.</param>
    /// <param name="expectedVersion">The version that is replaced; 0 where there must be none yet.</param>
    /// <param name="content">A JSON value of at most <see cref="ControlDocument.BytesMax"/> bytes.</param>
    /// <param name="cancellationToken">Stops waiting; the write may have happened.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; the write may have happened.</exception>
    ValueTask<ControlWrite> WriteAsync(
        ControlKey key, long expectedVersion, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Deletes a document if it is still at the expected version, which is at least 1.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; the deletion may have happened.</exception>
    ValueTask<ControlWrite> DeleteAsync(ControlKey key, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>
    /// The store's revision, as soon as it is not <paramref name="revision"/>, else after <paramref name="atMost"/>.
    /// Each return proves that the store was reached after the call began.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken);
}
