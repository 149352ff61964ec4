using Gateway.Control.Documents;

namespace Gateway.Control.Authenticity;

/// <summary>
/// Compares the content of a store with its authentication codes and with the state that this process has seen before.
/// Not thread safe: its owner serializes calls.
/// </summary>
internal sealed class StoreCheck(DocumentKeys keys)
{
    // The newest code seen of each document that the index covers, tombstones included.
    private readonly Dictionary<ControlKey, long> _floors = [];
    private Dictionary<ControlKey, Verified> _verified = [];

    /// <summary>The highest index number seen, by this process or by an earlier one.</summary>
    public long IndexNumber { get; set; }

    /// <summary>The newest code of each document that the index covers.</summary>
    public IEnumerable<KeyValuePair<ControlKey, long>> Floors => _floors;

    /// <summary>Checks a whole store.</summary>
    /// <returns>The documents in effect, and the findings for which the store must not be used at all.</returns>
    public (CheckedStore Store, List<StoreFinding> Findings) Check(ControlSnapshot raw)
    {
        var index = ReadIndex(raw, out var findings);
        var verified = new Dictionary<ControlKey, Verified>(_verified.Count);
        var shown = raw.WithoutKind(ControlKinds.DocumentMacs);
        var rejected = new Dictionary<ControlKey, ControlDocument>();
        foreach (var document in shown.Documents.ToList())
        {
            var problem = Problem(raw, document, index is null, verified);
            if (problem is null)
                continue;
            shown = shown.Without(raw.Revision, document.Key);
            var isNew = index is not null && !_floors.ContainsKey(document.Key);
            if (isNew)
                rejected.Add(document.Key, document);
            else
                findings.Add(new StoreFinding(document.Key, document.Version, problem, document.Content));
        }

        foreach (var key in _floors.Keys.Where(key => raw.Find(key) is null).ToList())
        {
            var tombstone = DocumentMacs.Read(raw.Find(DocumentMacs.KeyOf(key)), key)?.Match(keys, key, null);
            if (tombstone is null || tombstone.After < _floors[key])
                findings.Add(new StoreFinding(key, 0, StoreFinding.Deleted, default));
            else
                _floors[key] = tombstone.After;
        }

        _verified = verified;
        return (new CheckedStore(raw, shown, index, rejected), findings);
    }

    /// <summary>
    /// Notes that this process wrote a code; from now on an older code of the document is a rollback.
    /// </summary>
    public void Wrote(ControlKey key, long after)
    {
        if (VersionIndex.Covers(key.Kind))
            _floors[key] = Math.Max(after, _floors.GetValueOrDefault(key, -1));
    }

    /// <summary>Forgets the state seen so far, after an operator accepted the store as it is.</summary>
    public void Reset()
    {
        _floors.Clear();
        _verified.Clear();
    }

    private VersionIndex? ReadIndex(ControlSnapshot raw, out List<StoreFinding> findings)
    {
        findings = [];
        var document = raw.Find(VersionIndex.Key);
        var index = VersionIndex.Read(keys, document);
        if (document is null && (raw.Count > 0 || IndexNumber > 0))
            findings.Add(new StoreFinding(VersionIndex.Key, 0, StoreFinding.NoIndex, default));
        else if (document is not null && index is null)
            findings.Add(new(VersionIndex.Key, document.Version, StoreFinding.BadIndex, document.Content));
        else if (index is not null && index.Number < IndexNumber)
            findings.Add(new(VersionIndex.Key, document!.Version, StoreFinding.OldIndex, document.Content));
        if (index is null)
            return null;
        IndexNumber = Math.Max(IndexNumber, index.Number);
        foreach (var (text, floor) in index.Floors)
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            Wrote(new ControlKey(text[..slash], text[(slash + 1)..]), floor);
        }

        return index;
    }

    private string? Problem(
        ControlSnapshot raw, ControlDocument document, bool hasNoIndex, Dictionary<ControlKey, Verified> verified)
    {
        var codes = raw.Find(DocumentMacs.KeyOf(document.Key));
        if (!_verified.TryGetValue(document.Key, out var known) || !known.IsOf(document, codes))
        {
            var match = DocumentMacs.Read(codes, document.Key)?.Match(keys, document.Key, document);
            if (match is null)
                return hasNoIndex ? StoreFinding.NotAuthentic : StoreFinding.Changed;
            known = new Verified(document, codes!, match);
        }

        if (VersionIndex.Covers(document.Key.Kind))
        {
            if (known.Match.After < _floors.GetValueOrDefault(document.Key, -1))
                return StoreFinding.RolledBack;
            _floors[document.Key] = known.Match.After;
        }

        verified.Add(document.Key, known);
        return null;
    }

    /// <summary>A document whose code was computed, so that the same bytes need no second computation.</summary>
    private sealed record Verified(ControlDocument Document, ControlDocument Codes, DocumentMac Match)
    {
        public bool IsOf(ControlDocument document, ControlDocument? codes) =>
            codes is not null
            && document.Version == Document.Version
            && document.Content.Span.SequenceEqual(Document.Content.Span)
            && codes.Content.Span.SequenceEqual(Codes.Content.Span);
    }
}

/// <summary>A store that was checked.</summary>
/// <param name="Raw">Everything in it.</param>
/// <param name="Shown">The documents in effect: the authentic ones, without their codes.</param>
/// <param name="Index">The store's index; null if it has no valid one.</param>
/// <param name="Rejected">
/// Documents that no writer with the store key wrote and that replace none; they are ignored.
/// </param>
internal sealed record CheckedStore(
    ControlSnapshot Raw, ControlSnapshot Shown, VersionIndex? Index,
    IReadOnlyDictionary<ControlKey, ControlDocument> Rejected);
