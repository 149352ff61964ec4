using System.Buffers;
using System.Runtime.InteropServices;

namespace Gateway.Mcp.Reading;

/// <summary>
/// All member names of one message, by their object. One hash table holds them all, so that a duplicate is found in
/// constant time in an object of any size. It starts on the caller's stack and rents memory when it outgrows that.
/// </summary>
internal ref struct KeySet(ReadOnlySpan<byte> body, Span<KeyEntry> places)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private Span<KeyEntry> _places = places;
    private KeyEntry[]? _rented;
    private byte[]? _unescaped;
    private int _unescapedLength;
    private int _count;

    /// <summary>Adds a name at its position in the body; false if its object has it already.</summary>
    public bool Add(int owner, int start, int length) => Add(owner, _body.Slice(start, length), start);

    /// <summary>Adds a copy of a name that was unescaped; false if its object has it already.</summary>
    public bool AddUnescaped(int owner, scoped ReadOnlySpan<byte> name)
    {
        var needed = _unescapedLength + name.Length;
        if (_unescaped is null || needed > _unescaped.Length)
            GrowUnescaped(needed);

        var start = _unescapedLength;
        name.CopyTo(_unescaped.AsSpan(start));
        _unescapedLength = needed;
        return Add(owner, _unescaped.AsSpan(start, name.Length), -1 - start);
    }

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<KeyEntry>.Shared.Return(_rented);
        if (_unescaped is not null)
            ArrayPool<byte>.Shared.Return(_unescaped);
        this = default;
    }

    private bool Add(int owner, scoped ReadOnlySpan<byte> name, int start)
    {
        if (_count * 2 >= _places.Length)
            Grow();

        var hash = HashOf(owner, name);
        var at = hash & (_places.Length - 1);
        while (_places[at].Owner != 0)
        {
            ref readonly var seen = ref _places[at];
            if (seen.Hash == hash && seen.Owner == owner && NameOf(seen).SequenceEqual(name))
                return false;
            at = (at + 1) & (_places.Length - 1);
        }

        _places[at] = new KeyEntry(owner, hash, start, name.Length);
        _count++;
        return true;
    }

    private readonly ReadOnlySpan<byte> NameOf(in KeyEntry entry) =>
        entry.Start >= 0
            ? _body.Slice(entry.Start, entry.Length)
            : _unescaped.AsSpan(-1 - entry.Start, entry.Length);

    // The framework's string hash is keyed per process, so an attacker cannot choose names that collide.
    private static int HashOf(int owner, ReadOnlySpan<byte> name)
    {
        var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(name));
        if ((name.Length & 1) != 0)
            hash = (hash * 31) + name[^1] + 1;
        return hash ^ (owner * unchecked((int)0x9E3779B1));
    }

    private void Grow()
    {
        var larger = ArrayPool<KeyEntry>.Shared.Rent(_places.Length * 2);
        var size = 1 << (31 - int.LeadingZeroCount(larger.Length));
        var places = larger.AsSpan(0, size);
        places.Clear();
        foreach (var entry in _places)
        {
            if (entry.Owner == 0)
                continue;
            var at = entry.Hash & (size - 1);
            while (places[at].Owner != 0)
                at = (at + 1) & (size - 1);
            places[at] = entry;
        }

        if (_rented is not null)
            ArrayPool<KeyEntry>.Shared.Return(_rented);
        _rented = larger;
        _places = places;
    }

    private void GrowUnescaped(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 256) * 2);
        if (_unescaped is not null)
        {
            _unescaped.AsSpan(0, _unescapedLength).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_unescaped);
        }

        _unescaped = larger;
    }
}

/// <summary>A member name that was seen: its object, and the position of its unescaped bytes.</summary>
/// <param name="Owner">The object's number, from 1; 0 marks a free entry.</param>
/// <param name="Hash">The hash of name and owner.</param>
/// <param name="Start">
/// The position of the name in the body; from -1 downwards, its position among the unescaped names.
/// </param>
/// <param name="Length">The length in bytes.</param>
internal readonly record struct KeyEntry(int Owner, int Hash, int Start, int Length);
