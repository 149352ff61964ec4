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

/// <summary>The revision in storage, read after the request arrived.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Problem">Reason why it is unknown; null if it is known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-revision")]
public readonly record struct ControlRevision(
    [property: Id(0)] long Revision,
    [property: Id(1)] string? Problem);

/// <summary>All documents at one revision.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Items">The documents, in the order of their keys.</param>
/// <param name="Problem">Reason why they are unknown; null if they are known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-documents")]
public sealed record ControlDocuments(
    [property: Id(0)] long Revision,
    [property: Id(1)] ControlItem[] Items,
    [property: Id(2)] string? Problem);

/// <summary>One document.</summary>
/// <param name="Kind">The document's kind.</param>
/// <param name="Name">The document's name within its kind.</param>
/// <param name="Version">The revision that wrote it.</param>
/// <param name="Content">The document's bytes, which never change; null if the caller already has them.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-item")]
public sealed record ControlItem(
    [property: Id(0)] string Kind,
    [property: Id(1)] string Name,
    [property: Id(2)] long Version,
    [property: Id(3)] byte[]? Content);

/// <summary>The outcome of a change.</summary>
/// <param name="Kind">The kind of outcome.</param>
/// <param name="Version">
/// The document's current version, as in <see cref="Gateway.Control.Documents.ControlWrite"/>.
/// </param>
/// <param name="Problem">Reason why the change was refused or its outcome is unknown.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-outcome")]
public readonly record struct ControlOutcome(
    [property: Id(0)] ControlOutcomeKind Kind,
    [property: Id(1)] long Version,
    [property: Id(2)] string? Problem);
