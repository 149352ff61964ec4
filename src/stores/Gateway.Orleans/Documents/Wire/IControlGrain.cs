namespace Gateway.Orleans.Documents.Wire;

/// <summary>
/// The control documents of a fleet; its only key is <see cref="GrainKey"/>. That one activation answers is an
/// optimisation: each answer is checked against, and each change decided by, what lies in grain storage.
/// </summary>
/// <remarks>A question that times out has an unknown outcome; a change is asked again with the same nonce.</remarks>
[Alias("gateway.control")]
public interface IControlGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string GrainKey = "control";

    /// <summary>Every document; those that are no newer than this revision come without their content.</summary>
    [Alias("read")]
    [ResponseTimeout("00:00:03")]
    ValueTask<ControlDocuments> ReadAsync(long knownRevision);

    /// <summary>Writes or deletes a document; once, however often it is asked with one nonce.</summary>
    [Alias("change")]
    [ResponseTimeout("00:00:03")]
    ValueTask<ControlOutcome> ChangeAsync(ControlChange change);

    /// <summary>
    /// The revision as soon as it is not this one, else after <paramref name="atMost"/>, which is half a second at
    /// most: so that a frontend soon notices that its silo is gone.
    /// </summary>
    [Alias("wait")]
    [ResponseTimeout("00:00:01.5")]
    ValueTask<ControlRevision> WaitAsync(long revision, TimeSpan atMost);
}
