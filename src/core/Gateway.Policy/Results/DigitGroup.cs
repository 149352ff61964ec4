using System.Globalization;
using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>Digits of any script that look adjacent: invisible characters between them do not separate them.</summary>
/// <param name="Start">The position of the first digit.</param>
/// <param name="End">The position after the last digit.</param>
/// <param name="Digits">The number of digits; 0 for no group.</param>
internal readonly record struct DigitGroup(int Start, int End, int Digits)
{
    // Long enough for " - " and a line end of two characters.
    private const int SeparatorMax = 3;
    private const string Separators = "._/\\|,:;*~+=\u00B7\u2022\u2024\u2027\u2043\u2044\u2212\u2215\u2219\u22C5\u30FB"
        + "\uFF0E\uFF0F\uFF3F\uFF65";

    /// <summary>Returns the first group at or after a position.</summary>
    public static DigitGroup Next(string text, int at)
    {
        while (at < text.Length && DigitAt(text, at) < 0)
            at++;
        return At(text, at);
    }

    /// <summary>Returns the group that one separator joins to a group that ends at a position.</summary>
    public static DigitGroup Behind(string text, int end)
    {
        var (at, length, blanks) = (end, 0, 0);
        while (at < text.Length)
        {
            if (InvisibleAt(text, at) is > 0 and var width)
            {
                at += width;
                continue;
            }

            if (!IsSeparator(text[at]))
                break;
            // Two blanks separate columns of a table.
            blanks += IsBlank(text[at]) ? 1 : 0;
            at++;
            if (++length > SeparatorMax || (length > 1 && blanks == length))
                return default;
        }

        return length > 0 ? At(text, at) : default;
    }

    /// <summary>
    /// Returns the value of a digit of the Basic Multilingual Plane, or of one whose surrogate pair begins here;
    /// otherwise -1.
    /// </summary>
    public static int DigitAt(string text, int at)
    {
        var c = text[at];
        if (c < 0x80)
            return char.IsAsciiDigit(c) ? c - '0' : -1;
        return char.IsLowSurrogate(c) ? -1 : CharUnicodeInfo.GetDecimalDigitValue(text, at);
    }

    private static DigitGroup At(string text, int start)
    {
        var (end, digits) = (start, 0);
        for (var at = start; at < text.Length;)
        {
            if (DigitAt(text, at) >= 0)
            {
                at += char.IsHighSurrogate(text[at]) ? 2 : 1;
                end = at;
                digits++;
            }
            else if (InvisibleAt(text, at) is > 0 and var width)
                at += width;
            else
                break;
        }

        return new DigitGroup(start, end, digits);
    }

    // Line ends and tabs count as visible, as they move the text after them.
    private static int InvisibleAt(string text, int at)
    {
        if (text[at] < 0x80)
            return 0;
        return Rune.TryGetRuneAt(text, at, out var rune) && !Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)
            && Unseen.Is(rune)
                ? rune.Utf16SequenceLength
                : 0;
    }

    private static bool IsBlank(char c) => c == '\t' || char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator;

    private static bool IsSeparator(char c) => char.IsWhiteSpace(c) || Separators.Contains(c, StringComparison.Ordinal)
        || char.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation;
}
