namespace Gateway.Catalogue.Indexing;

/// <summary>
/// The entries that have a term, while an index is built; each is stored as the distance to the previous one.
/// </summary>
internal sealed class PostingList
{
    private byte[] _bytes = new byte[4];
    private int _last = -1;

    public int Length { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Add(int entry, WordPlace place)
    {
        var value = ((uint)(entry - _last) << 2) | (uint)place;
        _last = entry;
        Count++;
        if (Length + 5 > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(8, _bytes.Length * 2));
        for (; value >= 0x80; value >>= 7)
            _bytes[Length++] = (byte)(value | 0x80);
        _bytes[Length++] = (byte)value;
    }

    /// <summary>
    /// Moves the entries of a list from one stage to the next. The stage and the score of an entry are the halves of
    /// one number, so that a posting costs one memory access.
    /// </summary>
    /// <param name="bytes">The list as written.</param>
    /// <param name="stage">The stage that an entry must have reached.</param>
    /// <param name="weights">The score that each place adds.</param>
    /// <param name="states">The state of each entry.</param>
    /// <exception cref="IndexException">The list does not end correctly, or contains an invalid entry.</exception>
    public static void Raise(ReadOnlySpan<byte> bytes, int stage, ReadOnlySpan<byte> weights, Span<ushort> states)
    {
        var entry = -1;
        for (var at = 0; at < bytes.Length;)
        {
            uint value = bytes[at++];
            if (value >= 0x80)
            {
                value &= 0x7f;
                for (var shift = 7; ; shift += 7)
                {
                    if (at == bytes.Length || shift > 28)
                        throw new IndexException("is damaged in its postings");
                    var next = bytes[at++];
                    value |= (uint)(next & 0x7f) << shift;
                    if (next < 0x80)
                        break;
                }
            }

            entry += (int)(value >> 2);
            if ((uint)entry >= (uint)states.Length)
                throw new IndexException("is damaged in its postings");
            var state = states[entry];
            if (state >> 8 == stage)
                states[entry] = (ushort)(state + 0x100 + weights[(int)(value & 3)]);
        }
    }
}
