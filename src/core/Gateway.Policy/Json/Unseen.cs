using System.Globalization;
using System.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// Characters that are invisible, or that change how others are displayed. Two texts that differ only in such
/// characters look the same, and readers differ in whether they keep them.
/// </summary>
internal static class Unseen
{
    // The characters that Unicode calls default-ignorable beyond its categories Cc and Cf, the fillers, and the blank
    // of Braille.
    private static readonly (int First, int Last)[] Ranges =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065), (0x2800, 0x2800),
        (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xE0000, 0xE0FFF),
    ];

    /// <summary>
    /// Returns true for a control, format or line-breaking character, an unpaired surrogate, or a character without a
    /// glyph.
    /// </summary>
    public static bool Is(Rune rune) => rune.Value < 0x80
        ? rune.Value is < 0x20 or 0x7F
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || IsListed(rune.Value);

    /// <summary>Returns true if a text contains such a character or an unpaired surrogate.</summary>
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
