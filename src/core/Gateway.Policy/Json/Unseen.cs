using System.Globalization;
using System.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// Characters that nobody sees, or that change how others are seen: two texts that differ in them alone look the same,
/// and readers differ in whether they keep them.
/// </summary>
internal static class Unseen
{
    // What Unicode calls default-ignorable beyond its categories Cc and Cf, the fillers, and the blank of Braille.
    private static readonly (int First, int Last)[] Ranges =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065), (0x2800, 0x2800),
        (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xE0000, 0xE0FFF),
    ];

    /// <summary>Whether it is a control, format or line-breaking character, half of a pair, or has no form.</summary>
    public static bool Is(Rune rune) => rune.Value < 0x80
        ? rune.Value is < 0x20 or 0x7F
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || IsListed(rune.Value);

    /// <summary>Whether a text holds one, or half of a surrogate pair.</summary>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var width) != System.Buffers.OperationStatus.Done
                || Is(rune))
            {
                return true;
            }

            text = text[width..];
        }

        return false;
    }

    private static bool IsListed(int point)
    {
        foreach (var (first, last) in Ranges)
        {
            if (point >= first && point <= last)
                return true;
        }

        return false;
    }
}
