using System.Text;
using Gateway.Mcp.Headers;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The encoding of <c>Connection</c> values: it rejects a value that names an evaluated header, with status 400. If a
/// value also contains <c>close</c>, the web server keeps nothing else of it, so only this class can see the rest.
/// </summary>
internal sealed class ConnectionHeaderEncoding : Encoding
{
    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var count = Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
        return HopHeaders.NamesInspectedHeader(chars.AsSpan(charIndex, count))
            ? throw new DecoderFallbackException("The Connection header names a header that the gateway evaluates.")
            : count;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
