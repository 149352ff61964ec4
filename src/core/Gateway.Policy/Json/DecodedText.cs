using System.Buffers;
using System.Text;

namespace Gateway.Policy.Json;

/// <summary>A string assembled from its parts and escapes, in rented memory.</summary>
internal sealed class DecodedText : IDisposable
{
    private byte[] _utf8 = ArrayPool<byte>.Shared.Rent(256);
    private int _length;

    public void Append(ReadOnlySpan<byte> utf8)
    {
        if (_utf8.Length - _length < utf8.Length)
            Grow(_length + utf8.Length);
        utf8.CopyTo(_utf8.AsSpan(_length));
        _length += utf8.Length;
    }

    public void Append(Rune character)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Append(utf8[..character.EncodeToUtf8(utf8)]);
    }

    public override string ToString() => Encoding.UTF8.GetString(_utf8.AsSpan(0, _length));

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_utf8);
        _utf8 = [];
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _utf8.Length));
        _utf8.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_utf8);
        _utf8 = larger;
    }
}
