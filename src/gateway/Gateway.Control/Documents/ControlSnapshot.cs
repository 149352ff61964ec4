using System.Collections.Immutable;
using Gateway.Control.Tables;

namespace Gateway.Control.Documents;

/// <summary>
/// Every control document at one instant. Immutable; after a change, the next snapshot shares all untouched documents.
/// </summary>
public sealed class ControlSnapshot
{
    private static readonly NamedDictionary<ControlDocument> Nothing = new();
    private readonly ImmutableSortedDictionary<string, NamedDictionary<ControlDocument>> _kinds;

    private ControlSnapshot(long revision, ImmutableSortedDictionary<string, NamedDictionary<ControlDocument>> kinds) =>
        (Revision, _kinds) = (revision, kinds);

    /// <summary>Creates a snapshot of these documents, in any order, without duplicates.</summary>
    /// <param name="revision">The revision of this state; 0 for a store that was never written.</param>
    /// <param name="documents">All of them.</param>
    public ControlSnapshot(long revision, IEnumerable<ControlDocument> documents)
        : this(revision, documents.GroupBy(static document => document.Key.Kind).ToImmutableSortedDictionary(
            static kind => kind.Key,
            static kind => new NamedDictionary<ControlDocument>(kind, static document => document.Key.Name),
            StringComparer.Ordinal))
    {
    }

    /// <summary>A store without documents.</summary>
    public static ControlSnapshot Empty { get; } = new(0, []);

    /// <summary>The revision of this state; 0 for a store that was never written.</summary>
    public long Revision { get; }

    /// <summary>All documents in the order of their keys.</summary>
    public IEnumerable<ControlDocument> Documents => _kinds.Values.SelectMany(static kind => kind.Values);

    /// <summary>The number of documents.</summary>
    public int Count => _kinds.Values.Sum(static kind => kind.Count);

    /// <summary>The kinds that have at least one document.</summary>
    public IEnumerable<string> Kinds => _kinds.Keys;

    /// <summary>Returns the documents of one kind, by name in ordinal order.</summary>
    public IEnumerable<ControlDocument> OfKind(string kind) => TableOf(kind).Values;

    /// <summary>
    /// Returns the documents of one kind by name. A change of another kind does not replace this object.
    /// </summary>
    public NamedDictionary<ControlDocument> TableOf(string kind) =>
        _kinds.TryGetValue(kind, out var table) ? table : Nothing;

    /// <summary>Returns the document, or null if there is none.</summary>
    public ControlDocument? Find(ControlKey key) => TableOf(key.Kind).Find(key.Name);

    /// <summary>Returns this snapshot with a document added or replaced.</summary>
    public ControlSnapshot With(long revision, ControlDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var kind = document.Key.Kind;
        return new(revision, _kinds.SetItem(kind, TableOf(kind).With(document.Key.Name, document)));
    }

    /// <summary>Returns this snapshot without a document.</summary>
    public ControlSnapshot Without(long revision, ControlKey key)
    {
        var left = TableOf(key.Kind).Without(key.Name);
        return new(revision, left.Count == 0 ? _kinds.Remove(key.Kind) : _kinds.SetItem(key.Kind, left));
    }

    /// <summary>Returns this snapshot without the documents of a kind.</summary>
    internal ControlSnapshot WithoutKind(string kind) => new(Revision, _kinds.Remove(kind));

    /// <summary>Returns true if each document of the kind has the same version in both snapshots.</summary>
    public bool IsSame(string kind, ControlSnapshot before)
    {
        var (old, now) = (before.TableOf(kind), TableOf(kind));
        return ReferenceEquals(old, now) || (old.Count == now.Count
            && now.ChangesSince(old).All(static one => one.Before?.Version == one.Now?.Version));
    }
}
