using System.Text;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// How the value of a <c>Content-Length</c> is read: digits as they are, and anything else as what no number holds. The
/// web server's own reading takes a sign, and what it took cannot be seen afterwards.
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
