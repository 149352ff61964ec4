using System.Text;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The encoding of <c>Content-Length</c> values: digits pass unchanged, and any other byte becomes a character that no
/// number contains. The web server's own parser accepts a sign, and afterwards the original value is lost.
/// </summary>
internal sealed class PlainDigits : Encoding
{
    private const char NoDigit = 'x';

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++)
        {
            var value = bytes[byteIndex + i];
            chars[charIndex + i] = char.IsAsciiDigit((char)value) ? (char)value : NoDigit;
        }

        return byteCount;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
