using System.Text;
using Gateway.Mcp.Headers;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// How the value of a <c>Connection</c> is read: as it is, unless it names a header that is judged. The web server
/// keeps nothing but <c>close</c> of a value that says so too, so this can be seen only here; 400 is what it answers.
/// </summary>
internal sealed class JudgedConnection : Encoding
{
    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var count = Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
        return HopHeaders.NamesJudged(chars.AsSpan(charIndex, count))
            ? throw new DecoderFallbackException("Connection names a header that is judged.")
            : count;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
