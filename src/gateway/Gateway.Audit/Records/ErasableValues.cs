using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Gateway.Audit.Records;

/// <summary>
/// The personal values at the end of a record, which an erasure removes while the record's evidence stays valid:
/// <c>,"erasable":{"caller":"HASH"},"caller":"alice","salts":"SALT"}</c>. The evidence covers the line only up to the
/// hashes. A hash is the SHA-256 of the value's salt and its member as written, and the salts have the order of the
/// hashes. An erasure overwrites a value and its salt with spaces, so that no place in the log moves.
/// </summary>
/// <remarks>
/// The values have one line and one write with their record: a value is as durable as the record, and a record without
/// personal values costs nothing more.
/// </remarks>
internal ref struct ErasableValues
{
    /// <summary>The subject of the caller.</summary>
    public const string Caller = "caller";

    /// <summary>The party that acts for the caller.</summary>
    public const string CallerActor = "callerActor";

    /// <summary>The comment of a person on a request for approval.</summary>
    public const string Comment = "comment";

    /// <summary>
    /// The recorded arguments. Only their hash and salt are here; the sealed values are in a file of their own.
    /// </summary>
    public const string Arguments = "arguments";

    /// <summary>Maximum number of values in one record.</summary>
    public const int CountMax = 4;

    private const int ArgumentsNumber = 4;
    private const int SaltBytes = 16;
    private const int SaltLength = 22;
    private const int HashLength = 43;
    private const byte Space = (byte)' ';
    private const byte Quote = (byte)'"';

    private readonly ReadOnlySpan<byte> _line;
    private Slots _slots;
    private int _salts;

    private ErasableValues(ReadOnlySpan<byte> line) => _line = line;

    private static ReadOnlySpan<byte> Start => ",\"erasable\":{"u8;

    private static ReadOnlySpan<byte> SaltsStart => ",\"salts\":\""u8;

    /// <summary>Number of bytes of the line that the evidence covers; a line end follows them there.</summary>
    public int CoveredBytes { get; private set; }

    /// <summary>Number of values that the record had.</summary>
    public int Count { get; private set; }

    /// <summary>True if the record has a hash of recorded arguments.</summary>
    public readonly bool HasArguments => Count > 0 && _slots[Count - 1].Name == ArgumentsNumber;

    /// <summary>
    /// Appends the values that are not null, with new salts; the caller ends the object. Arguments are only hashed, and
    /// only if another value is present.
    /// </summary>
    public static void Write(
        RecordLine line, string? caller, string? actor, string? comment, ReadOnlySpan<byte> arguments = default)
    {
        if ((caller ?? actor ?? comment) is null)
            return;
        Slots slots = default;
        var count = 0;
        line.Add(Start);
        WriteHash(line, Caller, caller, ref slots, ref count);
        WriteHash(line, CallerActor, actor, ref slots, ref count);
        WriteHash(line, Comment, comment, ref slots, ref count);
        WriteHash(line, Arguments, arguments.IsEmpty ? null : "", ref slots, ref count);
        line.Add("}"u8);
        count = 0;
        WriteValue(line, Caller, caller, ref slots, ref count);
        WriteValue(line, CallerActor, actor, ref slots, ref count);
        WriteValue(line, Comment, comment, ref slots, ref count);
        WriteSalts(line, ref slots, arguments.IsEmpty ? count : count + 1, arguments);
    }

    /// <summary>Appends the name of a value and the place for its hash.</summary>
    private static void WriteHash(RecordLine line, string name, string? value, ref Slots slots, ref int count)
    {
        if (value is null)
            return;
        line.Add(count == 0 ? "\""u8 : ",\""u8);
        line.AddAscii(name);
        line.Add("\":"u8, "-------------------------------------------"u8);
        slots[count++].Hash = line.Length - HashLength - 1;
    }

    private static void WriteValue(RecordLine line, string name, string? value, ref Slots slots, ref int count)
    {
        if (value is null)
            return;
        slots[count].Value = line.Length;
        line.Add(",\""u8);
        line.AddAscii(name);
        line.Add("\":"u8, value);
        slots[count++].ValueEnd = line.Length;
    }

    /// <summary>Reads the end of a record; returns false if the evidence covers the complete line.</summary>
    /// <param name="line">The record without its line end.</param>
    /// <param name="found">The values.</param>
    // The end of the line must have exactly this form. A document in a record may contain such members, but further
    // closing braces follow it.
    public static bool TryRead(ReadOnlySpan<byte> line, out ErasableValues found)
    {
        found = new ErasableValues(line);
        var start = line.LastIndexOf(Start);
        return start >= 0 && found.TryReadHashes(start + Start.Length) && found.TryReadValues();
    }

    /// <summary>All values of a record, as a set of names.</summary>
    public const int All = (1 << CountMax) - 1;

    /// <summary>Returns the name of a value, as a set that contains only this name.</summary>
    public readonly int NameAt(int index) => 1 << (_slots[index].Name - 1);

    /// <summary>Returns the set of one name; an empty set if no value has this name.</summary>
    public static int SetOf(ReadOnlySpan<byte> name) =>
        NameNumber(name) is > 0 and var number ? 1 << (number - 1) : 0;

    /// <summary>Returns the names of a set.</summary>
    public static IEnumerable<string> NamesOf(int set) =>
        Enumerable.Range(1, CountMax).Where(number => (set & (1 << (number - 1))) != 0).Select(NameOf)!;

    /// <summary>Returns true if a value has been overwritten with its salt.</summary>
    public readonly bool IsBlank(int index) => _slots[index].ValueEnd == 0 && Salt(index).IndexOfAnyExcept(Space) < 0;

    /// <summary>
    /// Returns true if a value and its salt are those that were recorded. Of arguments, only the salt is examined.
    /// </summary>
    public readonly bool IsKept(int index)
    {
        var slot = _slots[index];
        if (slot.Name == ArgumentsNumber)
            return !IsBlank(index);
        if (slot.ValueEnd == 0)
            return false;
        Span<byte> hash = stackalloc byte[HashLength];
        Hash(Salt(index), _line[(slot.Value + 1)..slot.ValueEnd], hash);
        return hash.SequenceEqual(_line.Slice(slot.Hash, HashLength));
    }

    /// <summary>Returns true if these are the arguments of which the record has the hash, or it has none.</summary>
    public readonly bool IsHashOf(int index, ReadOnlySpan<byte> arguments)
    {
        if (_slots[index].Name != ArgumentsNumber)
            return true;
        Span<byte> hash = stackalloc byte[HashLength];
        Hash(Salt(index), arguments, hash);
        return hash.SequenceEqual(_line.Slice(_slots[index].Hash, HashLength));
    }

    /// <summary>Returns the value as it is in the line, with its member; empty if it has been overwritten.</summary>
    public readonly ReadOnlySpan<byte> MemberAt(int index) =>
        _slots[index].ValueEnd == 0 ? default : _line[(_slots[index].Value + 1).._slots[index].ValueEnd];

    /// <summary>Overwrites a value and its salt in a copy of the line.</summary>
    public readonly void Blank(int index, Span<byte> line)
    {
        line.Slice(_salts + index * SaltLength, SaltLength).Fill(Space);
        if (_slots[index].ValueEnd > 0)
            line[_slots[index].Value.._slots[index].ValueEnd].Fill(Space);
    }

    private static void WriteSalts(RecordLine line, ref Slots slots, int count, ReadOnlySpan<byte> arguments)
    {
        Span<byte> random = stackalloc byte[SaltBytes];
        line.Add(SaltsStart);
        Span<byte> salt = stackalloc byte[SaltLength];
        for (var i = 0; i < count; i++)
        {
            RecordDigest.FillSalt(random);
            Base64Url.EncodeToUtf8(random, salt);
            line.Add(salt);
            Hash(
                salt, slots[i].ValueEnd == 0 ? arguments : line.Written(slots[i].Value + 1, slots[i].ValueEnd),
                line.Written(slots[i].Hash, slots[i].Hash + HashLength));
        }

        line.Add("\""u8);
    }

    private static void Hash(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> member, Span<byte> hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        RecordDigest.Hash(salt, member, digest);
        Base64Url.EncodeToUtf8(digest, hash);
    }

    private static int NameNumber(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("caller"u8) ? 1 : name.SequenceEqual("callerActor"u8) ? 2
        : name.SequenceEqual("comment"u8) ? 3 : name.SequenceEqual("arguments"u8) ? ArgumentsNumber : 0;

    private static string? NameOf(int number) => number switch
    {
        1 => Caller,
        2 => CallerActor,
        3 => Comment,
        ArgumentsNumber => Arguments,
        _ => null,
    };

    private readonly ReadOnlySpan<byte> Salt(int index) => _line.Slice(_salts + index * SaltLength, SaltLength);

    private bool TryReadHashes(int at)
    {
        for (Count = 0; Count < CountMax;)
        {
            // "NAME":"HASH" and a comma or the closing brace
            if (At(at) != Quote || _line[(at + 1)..].IndexOf(Quote) is not (> 0 and var length)
                || NameNumber(_line.Slice(at + 1, length)) is not (> 0 and var name)
                || !_line[(at + length + 2)..].StartsWith(":\""u8))
            {
                return false;
            }

            at += length + 4;
            if (At(at + HashLength) != Quote)
                return false;
            _slots[Count++] = new Slot { Name = name, Hash = at };
            at += HashLength + 1;
            if (At(at) == (byte)'}')
            {
                CoveredBytes = at + 1;
                return true;
            }

            if (At(at++) != (byte)',')
                return false;
        }

        return false;
    }

    private bool TryReadValues()
    {
        var (at, next) = (AfterSpaces(CoveredBytes), 0);
        for (; !_line[Math.Min(at, _line.Length)..].StartsWith(SaltsStart); at = AfterSpaces(at))
        {
            if (!TryReadValue(ref at, ref next))
                return false;
        }

        _salts = at + SaltsStart.Length;
        return _line[Math.Min(_salts + Count * SaltLength, _line.Length)..].SequenceEqual("\"}"u8);
    }

    /// <summary>Reads a member of one of the names that follow, which are in the order of the hashes.</summary>
    private bool TryReadValue(ref int at, ref int next)
    {
        var start = at;
        if (At(at) != (byte)',' || At(at + 1) != Quote || _line[(at + 2)..].IndexOf(Quote) is not (> 0 and var length))
            return false;
        var name = NameNumber(_line.Slice(at + 2, length));
        if (name == ArgumentsNumber)
            return false;
        while (next < Count && _slots[next].Name != name)
            next++;
        at += length + 3;
        // A quote in a value is escaped as a number.
        if (next == Count || !_line[at..].StartsWith(":\""u8)
            || _line[(at + 2)..].IndexOf(Quote) is not (>= 0 and var end))
        {
            return false;
        }

        at += end + 3;
        (_slots[next].Value, _slots[next].ValueEnd) = (start, at);
        next++;
        return true;
    }

    private readonly byte At(int at) => at < _line.Length ? _line[at] : (byte)0;

    private readonly int AfterSpaces(int at)
    {
        while (At(at) == Space)
            at++;
        return at;
    }

    private struct Slot
    {
        public int Name;
        public int Hash;
        public int Value;
        public int ValueEnd;
    }

    [InlineArray(CountMax)]
    private struct Slots
    {
        private Slot _first;
    }
}
