using System.Collections.Immutable;
using Gateway.Control.Documents;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents;

/// <summary>
/// All documents at one revision, and the effect of a change on them. Immutable and without side effects.
/// </summary>
internal sealed class DocumentReplicaState
{
    /// <summary>
    /// Number of nonces to remember, so that a retried change is recognized. Retries arrive within seconds, in which
    /// storage accepts fewer changes than this.
    /// </summary>
    private const int ChangesMax = 512;

    /// <summary>Approximate bytes of a document besides its content and name.</summary>
    private const int ItemBytes = 128;

    private readonly ImmutableSortedDictionary<ControlKey, ControlItem> _items;
    private readonly ImmutableQueue<string> _changes;
    private readonly int _changesCount;
    private readonly long _bytes;

    private DocumentReplicaState(
        long revision, ImmutableSortedDictionary<ControlKey, ControlItem> items, ImmutableQueue<string> changes,
        int changesCount, long bytes)
    {
        (Revision, _items, _changes, _changesCount, _bytes) = (revision, items, changes, changesCount, bytes);
    }

    /// <summary>The state of a store that was never written.</summary>
    public static DocumentReplicaState Empty { get; } =
        new(0, ImmutableSortedDictionary<ControlKey, ControlItem>.Empty, [], 0, 0);

    public long Revision { get; }

    public IEnumerable<ControlItem> Items => _items.Values;

    public static DocumentReplicaState From(BodyState body)
    {
        var items = body.Items.ToImmutableSortedDictionary(
            static item => new ControlKey(item.Kind, item.Name),
            static item => new ControlItem(item.Kind, item.Name, item.Version, item.Content));
        return new DocumentReplicaState(
            body.Revision, items, [.. body.Changes], body.Changes.Length, items.Values.Sum(BytesOf));
    }

    public BodyState ToBody() => new()
    {
        Revision = Revision,
        Items =
        [
            .. _items.Values.Select(static item => new BodyItemState
            {
                Kind = item.Kind, Name = item.Name, Version = item.Version, Content = item.Content!,
            }),
        ],
        Changes = [.. _changes],
    };

    /// <summary>Returns the state after a change; null, with the reason, if the change does not apply.</summary>
    /// <param name="change">The change.</param>
    /// <param name="bytesMax">Maximum bytes of all documents together.</param>
    public (DocumentReplicaState? Next, ControlOutcome Outcome) Apply(ControlChange change, long bytesMax)
    {
        if (FindChange(ControlRecords.Text(change.Nonce)) is { } version) return (null, Written(version));
        var key = new ControlKey(change.Kind, change.Name);
        var current = _items.GetValueOrDefault(key);
        if ((current?.Version ?? 0) != change.ExpectedVersion)
            return (null, new ControlOutcome(ControlOutcomeKind.Conflict, current?.Version ?? 0, null));

        var revision = Revision + 1;
        var added = change.Content is { } content
            ? new ControlItem(change.Kind, change.Name, revision, content)
            : null;
        var bytes = _bytes - BytesOf(current) + BytesOf(added);
        if (added is not null && bytes > bytesMax) return (null, Refuse(key, bytes, bytesMax));
        var items = added is null ? _items.Remove(key) : _items.SetItem(key, added);
        var changes = _changes.Enqueue(ControlRecords.Text(change.Nonce));
        var isFull = _changesCount == ChangesMax;
        var next = new DocumentReplicaState(
            revision, items, isFull ? changes.Dequeue() : changes, isFull ? ChangesMax : _changesCount + 1, bytes);
        return (next, Written(revision));
    }

    private static ControlOutcome Written(long version) => new(ControlOutcomeKind.Written, version, null);

    private static ControlOutcome Refuse(ControlKey key, long bytes, long bytesMax) => new(
        ControlOutcomeKind.Refused, 0,
        $"{key} is refused: all servers, policies, grants and approvals together would take {bytes:N0} bytes of at "
        + $"most {bytesMax:N0}. Revoke grants that are not used, or shorten policies that many grants share.");

    private static long BytesOf(ControlItem? item) => item is null
        ? 0
        : ItemBytes + item.Kind.Length + (2L * item.Name.Length) + item.Content!.Length;

    /// <summary>
    /// Returns the version that a recent change produced: each change made one revision, and the last one made this
    /// revision.
    /// </summary>
    private long? FindChange(string nonce)
    {
        var version = Revision - _changesCount;
        foreach (var made in _changes)
        {
            version++;
            if (made == nonce) return version;
        }

        return null;
    }
}
