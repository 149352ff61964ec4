using System.Text;

namespace Gateway.Audit.Replaying;

/// <summary>Deduplicates strings that recur often, such as names, rules and keys.</summary>
internal sealed class TextCache
{
    private const int Slots = 1 << 14;
    private const int LengthMax = 256;

    private readonly (byte[] Utf8, string Text)[] _texts = new (byte[], string)[Slots];

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LengthMax)
            return Encoding.UTF8.GetString(utf8);
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref _texts[hash.ToHashCode() & (Slots - 1)];
        if (slot.Utf8 is null || !utf8.SequenceEqual(slot.Utf8))
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return slot.Text;
    }
}
