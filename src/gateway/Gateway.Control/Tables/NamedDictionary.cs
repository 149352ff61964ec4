using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Tables;

/// <summary>
/// A dictionary by name, in ordinal order. Immutable: a change creates another one that shares everything but the
/// changed piece, so that a change among many entries costs hardly more than one among few.
/// </summary>
public sealed class NamedDictionary<T> : IReadOnlyDictionary<string, T>
    where T : class
{
    /// <summary>The maximum number of entries in one piece; one more splits it in two.</summary>
    internal const int PieceMax = 256;

    private readonly ImmutableArray<KeyValuePair<string, T>[]> _pieces;

    private NamedDictionary(ImmutableArray<KeyValuePair<string, T>[]> pieces, int count) =>
        (_pieces, Count) = (pieces, count);

    /// <summary>Creates an empty dictionary.</summary>
    public NamedDictionary()
        : this([], 0)
    {
    }

    /// <summary>Creates a dictionary of entries by their names; no name may occur twice.</summary>
    public NamedDictionary(IEnumerable<T> all, Func<T, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(all);
        var named = all.Select(one => KeyValuePair.Create(nameOf(one), one)).ToArray();
        for (var i = 1; i < named.Length; i++)
        {
            // Entries from a store are in order already.
            if (string.CompareOrdinal(named[i - 1].Key, named[i].Key) >= 0)
            {
                Array.Sort(named, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
                break;
            }
        }

        for (var i = 1; i < named.Length; i++)
        {
            if (named[i - 1].Key == named[i].Key)
                throw new ArgumentException($"\"{named[i].Key}\" occurs twice.", nameof(all));
        }

        // Half full, so that the next change to each piece finds room.
        (_pieces, Count) = ([.. named.Chunk(PieceMax / 2)], named.Length);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => this.Select(static one => one.Key);

    /// <inheritdoc/>
    public IEnumerable<T> Values => this.Select(static one => one.Value);

    /// <inheritdoc/>
    public T this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        var piece = PieceOf(key);
        var at = piece < 0 ? -1 : IndexOf(_pieces[piece], key);
        value = at < 0 ? null : _pieces[piece][at].Value;
        return at >= 0;
    }

    /// <summary>Returns the entry of this name; null if there is none.</summary>
    public T? Find(string name) => TryGetValue(name, out var value) ? value : null;

    /// <summary>Returns this dictionary with an entry added or replaced.</summary>
    public NamedDictionary<T> With(string name, T value)
    {
        var one = KeyValuePair.Create(name, value);
        if (_pieces.IsEmpty)
            return new([[one]], 1);
        var at = Math.Max(PieceOf(name), 0);
        var piece = _pieces[at];
        var index = IndexOf(piece, name);
        if (index >= 0)
        {
            var replaced = piece.AsSpan().ToArray();
            replaced[index] = one;
            return new(_pieces.SetItem(at, replaced), Count);
        }

        KeyValuePair<string, T>[] longer = [.. piece.AsSpan(0, ~index), one, .. piece.AsSpan(~index)];
        return new(
            longer.Length <= PieceMax
                ? _pieces.SetItem(at, longer)
                : [.. _pieces[..at], .. longer.Chunk((PieceMax / 2) + 1), .. _pieces[(at + 1)..]],
            Count + 1);
    }

    /// <summary>Returns this dictionary without the entry of this name.</summary>
    public NamedDictionary<T> Without(string name)
    {
        var at = PieceOf(name);
        var index = at < 0 ? -1 : IndexOf(_pieces[at], name);
        if (index < 0)
            return this;
        var piece = _pieces[at];
        KeyValuePair<string, T>[] shorter = [.. piece.AsSpan(0, index), .. piece.AsSpan(index + 1)];
        return new(shorter.Length == 0 ? _pieces.RemoveAt(at) : _pieces.SetItem(at, shorter), Count - 1);
    }

    /// <summary>
    /// Returns the entries that changed, were added or were removed, in order; pieces that both share are skipped.
    /// </summary>
    public IEnumerable<(T? Before, T? Now)> ChangesSince(NamedDictionary<T> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var (old, now) = (new Place(before._pieces), new Place(_pieces));
        while (!old.IsOver || !now.IsOver)
        {
            if (old.SkipShared(now))
                continue;
            var order = old.IsOver ? 1 : now.IsOver ? -1 : string.CompareOrdinal(old.Key, now.Key);
            var (left, right) = (order <= 0 ? old.Take() : null, order >= 0 ? now.Take() : null);
            if (!ReferenceEquals(left, right))
                yield return (left, right);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator()
    {
        foreach (var piece in _pieces)
        {
            foreach (var one in piece)
                yield return one;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the last piece that begins no later than the name; -1 if all begin later.</summary>
    private int PieceOf(string name)
    {
        var (low, high) = (0, _pieces.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_pieces[middle][0].Key, name) <= 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return high;
    }

    /// <summary>
    /// Returns the index of the name; if it is missing, the complement of the index at which it belongs.
    /// </summary>
    private static int IndexOf(KeyValuePair<string, T>[] piece, string name)
    {
        var (low, high) = (0, piece.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(piece[middle].Key, name);
            if (order == 0)
                return middle;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private sealed class Place(ImmutableArray<KeyValuePair<string, T>[]> pieces)
    {
        private int _piece;
        private int _index;

        public bool IsOver => _piece == pieces.Length;

        public string Key => pieces[_piece][_index].Key;

        /// <summary>Skips a piece that begins at both places and is the identical object.</summary>
        public bool SkipShared(Place other)
        {
            if (IsOver || other.IsOver || _index > 0 || other._index > 0 || !ReferenceEquals(Piece, other.Piece))
                return false;
            _piece++;
            other._piece++;
            return true;
        }

        public T Take()
        {
            var value = Piece[_index++].Value;
            if (_index == Piece.Length)
                (_piece, _index) = (_piece + 1, 0);
            return value;
        }

        private KeyValuePair<string, T>[] Piece => pieces[_piece];
    }
}
