using System.Security.Cryptography;
using System.Text;

namespace Gateway.Audit.Records;

/// <summary>
/// How much of what an agent wrote is in one record. The log keeps so many bytes and drops the oldest, so whoever may
/// write long records erases it.
/// </summary>
internal static class RecordBounds
{
    /// <summary>So many names of arguments at most.</summary>
    public const int ArgumentKeysMax = 32;

    /// <summary>So many bytes of them at most.</summary>
    public const int ArgumentKeyBytesMax = 1024;

    /// <summary>So many characters of a name, a method or a reason at most.</summary>
    public const int TextLengthMax = 1024;

    public static bool IsCut(string text) => text.Length > TextLengthMax;

    /// <summary>The text, or its beginning and an ellipsis.</summary>
    public static string Cut(string text)
    {
        if (!IsCut(text))
            return text;
        var length = char.IsHighSurrogate(text[TextLengthMax - 1]) ? TextLengthMax - 1 : TextLengthMax;
        return string.Concat(text.AsSpan(0, length), "…");
    }

    /// <summary>What tells one text that was cut from another.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
