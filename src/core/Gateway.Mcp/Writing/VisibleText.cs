using System.Globalization;
using System.Text;

namespace Gateway.Mcp.Writing;

/// <summary>
/// Makes text of an agent or a server safe to show to a person. Characters that would move the cursor, break the line,
/// reorder letters or stay invisible are escaped, <c>\u202E</c> as in JSON, so that one line stays one line and shows
/// all of its content.
/// </summary>
public static class VisibleText
{
    /// <summary>Returns the text with its unclear characters escaped; the same instance if there are none.</summary>
    public static string Of(string text)
    {
        if (IsClear(text))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            var length = LengthAt(text, at, out var isClear);
            for (var i = at; i < at + length; i++)
            {
                if (isClear)
                    shown.Append(text[i]);
                else
                    shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            }

            at += length;
        }

        return shown.ToString();
    }

    /// <summary>Returns true if every character is visible as what it is; an unpaired surrogate is not.</summary>
    public static bool IsClear(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange(' ', '~'))
            return true;
        for (var at = 0; at < text.Length;)
        {
            at += LengthAt(text, at, out var isClear);
            if (!isClear)
                return false;
        }

        return true;
    }

    private static int LengthAt(ReadOnlySpan<char> text, int at, out bool isClear)
    {
        var isRune = Rune.DecodeFromUtf16(text[at..], out var rune, out var length)
            == System.Buffers.OperationStatus.Done;
        isClear = isRune && IsClear(rune.Value);
        return length;
    }

    /// <summary>
    /// Excludes Unicode's control characters and line breaks, and those that it calls default ignorable: bidirectional
    /// marks, zero widths, joiners, variation selectors and tags.
    /// </summary>
    private static bool IsClear(int rune) => rune switch
    {
        < 0x20 or (>= 0x7F and < 0xA0) => false,
        0xAD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 => false,
        >= 0x180B and <= 0x180F => false,
        >= 0x200B and <= 0x200F => false,
        >= 0x2028 and <= 0x202E => false,
        >= 0x2060 and <= 0x206F => false,
        0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 => false,
        >= 0xFFF0 and <= 0xFFFB => false,
        >= 0x13430 and <= 0x1343F => false,
        >= 0x1BCA0 and <= 0x1BCA3 => false,
        >= 0x1D173 and <= 0x1D17A => false,
        >= 0xE0000 and <= 0xE0FFF => false,
        _ => true,
    };
}
