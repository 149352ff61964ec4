namespace Gateway.Proxy.Tests.Waiting;

/// <summary>
/// A control store in memory that completes every operation synchronously and, once told so, rejects every write with
/// a conflict: what a store looks like that answers reads with old documents.
/// </summary>
internal sealed class ConflictingStore : IControlStore
{
    // More than any bounded loop makes; ends a test that would otherwise never end.
    private const int ConflictsMax = 10_000;
    private readonly SortedDictionary<ControlKey, ControlDocument> _documents = [];
    private long _revision;

    /// <summary>Whether every write is rejected with a conflict.</summary>
    public bool IsConflicting { get; set; }

    /// <summary>Writes that were rejected.</summary>
    public int Conflicts { get; private set; }

    /// <summary>The number of writes of approvals whose responses are lost from now on.</summary>
    public int Lost { get; set; }

    public bool IsShared { get; init; }

    public IArchive Archive => null!;

    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        new(new ControlSnapshot(_revision, [.. _documents.Values]));

    public ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        if (IsConflicting)
        {
            return ++Conflicts <= ConflictsMax
                ? new(ControlWrite.Conflict(expectedVersion + 1))
                : throw new InvalidTimeZoneException("The write was repeated without a bound.");
        }

        var version = _documents.TryGetValue(key, out var document) ? document.Version : 0;
        if (version == expectedVersion)
        {
            _revision++;
            if (content is null)
                _documents.Remove(key);
            else
                _documents[key] = new ControlDocument(key, _revision, content);
        }

        if (Lost > 0 && key.Kind == ControlKinds.Approvals)
        {
            Lost--;
            throw new ControlStoreException("The response was lost.");
        }

        return new(version == expectedVersion ? ControlWrite.Written(_revision) : ControlWrite.Conflict(version));
    }

    public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
        new(_revision);
}
