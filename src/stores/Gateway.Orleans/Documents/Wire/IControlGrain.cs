namespace Gateway.Orleans.Documents.Wire;

/// <summary>
/// The control documents of a fleet; the only key is <see cref="GrainKey"/>. A single activation is only an
/// optimization: each result is checked against grain storage, and grain storage decides each change.
/// </summary>
/// <remarks>A request that times out has an unknown outcome; a change is retried with the same nonce.</remarks>
[Alias("gateway.control")]
public interface IControlGrain : IGrainWithStringKey
{
    /// <summary>The key of the single grain.</summary>
    const string GrainKey = "control";

    /// <summary>Reads all documents; those that are not newer than this revision come without content.</summary>
    [Alias("read")]
    [ResponseTimeout("00:00:03")]
    ValueTask<ControlDocuments> ReadAsync(long knownRevision);

    /// <summary>
    /// Writes or deletes a document, exactly once for each nonce however often the request is repeated.
    /// </summary>
    [Alias("change")]
    [ResponseTimeout("00:00:03")]
    ValueTask<ControlOutcome> ChangeAsync(ControlChange change);

    /// <summary>
    /// Returns the revision as soon as it differs from this one, or after <paramref name="atMost"/>. The wait is at
    /// most half a second, so that a frontend soon notices that its silo is gone.
    /// </summary>
    [Alias("wait")]
    [ResponseTimeout("00:00:01.5")]
    ValueTask<ControlRevision> WaitAsync(long revision, TimeSpan atMost);
}
