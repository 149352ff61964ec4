namespace Gateway.Control.Documents;

/// <summary>The two changes of a document, with checks that do not depend on the store.</summary>
public static class ControlStoreChanges
{
    /// <summary>Writes a document if it is still at the expected version.</summary>
    /// <param name="store">The store to change.</param>
    /// <param name="key">The document's kind and name.</param>
    /// <param name="expectedVersion">The version to replace; 0 if the document must not exist yet.</param>
    /// <param name="content">A JSON value of at most <see cref="ControlDocument.BytesMax"/> bytes.</param>
    /// <param name="cancellationToken">Stops waiting; the write may have happened.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; the write may have happened.</exception>
    public static ValueTask<ControlWrite> WriteAsync(
        this IControlStore store, ControlKey key, long expectedVersion, ReadOnlyMemory<byte> content,
        CancellationToken cancellationToken)
    {
        ControlDocument.RequireJson(content);
        return store.ChangeAsync(key, expectedVersion, content.ToArray(), cancellationToken);
    }

    /// <summary>Deletes a document if it is still at the expected version, which is at least 1.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; the deletion may have happened.</exception>
    public static ValueTask<ControlWrite> DeleteAsync(
        this IControlStore store, ControlKey key, long expectedVersion, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, 1);
        return store.ChangeAsync(key, expectedVersion, content: null, cancellationToken);
    }
}

/// <summary>The result of a compare-and-swap.</summary>
/// <param name="IsWritten">False if the document was not at the expected version; then nothing changed.</param>
/// <param name="Version">
/// The document's version now: the new one (after a deletion, the deletion's revision), or after a conflict the
/// existing one, 0 if there is none.
/// </param>
public readonly record struct ControlWrite(bool IsWritten, long Version)
{
    /// <summary>Returns the result of a successful write.</summary>
    public static ControlWrite Written(long version) => new(true, version);

    /// <summary>Returns the result of a write that found another version.</summary>
    public static ControlWrite Conflict(long version) => new(false, version);
}
