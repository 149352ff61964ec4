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

    /// <summary>
    /// Writes or deletes a document if it is still at the expected version. <see cref="ControlStoreChanges"/> has a
    /// method for each, which checks what it is given: they are called, not this.
    /// </summary>
    /// <param name="key">Which document.</param>
    /// <param name="expectedVersion">The version that is replaced; 0 where there must be none yet.</param>
    /// <param name="content">What it says from now on; null deletes it.</param>
    /// <param name="cancellationToken">Stops waiting; the change may have happened.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; the change may have happened.</exception>
    ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken);

    /// <summary>
    /// The store's revision, as soon as it is not <paramref name="revision"/>, else after <paramref name="atMost"/>.
    /// Each return proves that the store was reached after the call began.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken);
}
