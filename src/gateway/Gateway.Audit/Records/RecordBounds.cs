using System.Security.Cryptography;
using System.Text;

namespace Gateway.Audit.Records;

/// <summary>
/// Bounds on how much agent-supplied text one record contains. The log keeps a limited number of bytes and drops the
/// oldest, so an agent that could write long records could erase it.
/// </summary>
internal static class RecordBounds
{
    /// <summary>Maximum number of argument names.</summary>
    public const int ArgumentKeysMax = 32;

    /// <summary>Maximum bytes of argument names.</summary>
    public const int ArgumentKeyBytesMax = 1024;

    /// <summary>Maximum characters of a name, a method or a reason.</summary>
    public const int TextLengthMax = 1024;

    public static bool IsCut(string text) => text.Length > TextLengthMax;

    /// <summary>Returns the text, or its beginning and an ellipsis if it is too long.</summary>
    public static string Cut(string text)
    {
        if (!IsCut(text))
            return text;
        var length = char.IsHighSurrogate(text[TextLengthMax - 1]) ? TextLengthMax - 1 : TextLengthMax;
        return string.Concat(text.AsSpan(0, length), "…");
    }

    /// <summary>Returns a digest that distinguishes texts that were cut.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
