using System.Globalization;
using System.Text;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// Characters that people do not see but a model reads. Characters that languages and emoji need are not findings:
/// joiners within Arabic and Indic words and between emoji, direction marks beside right-to-left letters, and one
/// variation selector after a character, and places for line breaks in scripts that do not separate words.
/// </summary>
internal static class HiddenText
{
    private const int BlackFlag = 0x1F3F4;

    // Editors leave such characters beside words. A few of one kind cannot spell text.
    private const int StraysMax = 8;
    private const int StrayRunMax = 4;

    /// <summary>Returns a description of the finding and true if it can be text; null if there is no finding.</summary>
    public static (string Reason, bool IsText)? In(string text)
    {
        if (IsPlain(text))
            return null;
        string? stray = null;
        var strays = 0;
        var runes = text.EnumerateRunes().ToArray();
        var isRightToLeft = runes.Any(static rune => IsRightToLeft(rune.Value));
        var inFlag = false;
        for (var i = 0; i < runes.Length; i++)
        {
            var point = runes[i].Value;
            var before = i > 0 ? runes[i - 1] : default;
            var after = i + 1 < runes.Length ? runes[i + 1] : default;
            inFlag = point == BlackFlag || (inFlag && IsTag(point));
            var what = point switch
            {
                '\t' or '\n' or '\r' => null,
                < 0x20 or (>= 0x7F and <= 0x9F) => "a control character",
                // Unicode recommends isolates around foreign words of such text; DefinitionScanner asks about them.
                >= 0x2066 and <= 0x2069 when isRightToLeft => null,
                >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 => "a character that changes the direction of text",
                0x200E or 0x200F or 0x061C => isRightToLeft ? null : "a direction mark without right-to-left letters",
                0x200C or 0x200D => Joins(before, after) ? null : "an invisible joiner",
                0x200B when IsUnspaced(before) && IsUnspaced(after) => null,
                0x200B or 0x2060 or 0x180E or >= 0x2061 and <= 0x2065 or 0x034F => "a zero-width character",
                0xFEFF => i == 0 ? null : "a zero-width character",
                0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or >= 0xFFF9 and <= 0xFFFB =>
                    "an invisible filler character",
                _ when IsTag(point) => inFlag ? null : "tag characters, which spell invisible text",
                _ when IsSelector(point) => IsSelector(before.Value) || (point >= 0xE0100 && !IsIdeograph(before.Value))
                    ? "a row of variation selectors, which can spell invisible text" : null,
                _ => null,
            };
            if (what is null)
                continue;
            var reason = string.Create(CultureInfo.InvariantCulture, $"It has {what} (U+{point:X4}).");
            var length = StraysAt(runes, i);
            if (length is 0 or > StrayRunMax || ++strays > StraysMax)
                return (reason, true);
            stray ??= reason;
            i += length - 1;
        }

        return stray is null ? null : (stray, false);
    }

    /// <summary>
    /// Returns the length of a run of one zero-width character beside a word of prose. Returns 0 within a word, which
    /// the run may disguise, and in a name.
    /// </summary>
    private static int StraysAt(Rune[] runes, int at)
    {
        if (runes[at].Value is not (0x200B or 0x2060 or 0xFEFF) || !runes.Any(Rune.IsWhiteSpace))
            return 0;
        var end = at;
        while (end < runes.Length && runes[end] == runes[at])
            end++;
        return IsEdge(runes, at - 1) || IsEdge(runes, end) ? end - at : 0;
    }

    private static bool IsEdge(Rune[] runes, int at) => at < 0 || at >= runes.Length
        || Rune.IsWhiteSpace(runes[at]) || Rune.IsPunctuation(runes[at]) || Rune.IsSymbol(runes[at]);

    private static bool IsPlain(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;

    private static bool Joins(Rune before, Rune after) =>
        (IsPicture(before) && IsPicture(after)) || (IsJoined(before) && IsJoined(after));

    private static bool IsPicture(Rune rune) => rune.Value is 0xFE0F or 0x20E3 or >= 0x1F3FB and <= 0x1F3FF
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol;

    // Arabic, Syriac, the scripts of India and its neighbors, Mongolian.
    private static bool IsJoined(Rune rune) =>
        rune.Value is >= 0x0600 and <= 0x08FF or >= 0x0900 and <= 0x0FFF or >= 0x1000 and <= 0x109F
            or >= 0x1780 and <= 0x18AF or >= 0xFB50 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFE;

    // Thai, Lao, Tibetan, Burmese and Khmer write words without spaces; the character shows where a line may break.
    private static bool IsUnspaced(Rune rune) =>
        rune.Value is >= 0x0E01 and <= 0x0FFF or >= 0x1000 and <= 0x109F or >= 0x1780 and <= 0x17FF;

    private static bool IsRightToLeft(int point) =>
        point is >= 0x0590 and <= 0x08FF and not 0x061C or >= 0xFB1D and <= 0xFDFF or >= 0xFE70 and <= 0xFEFE;

    private static bool IsTag(int point) => point is >= 0xE0000 and <= 0xE007F;

    private static bool IsSelector(int point) => point is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF;

    private static bool IsIdeograph(int point) =>
        point is >= 0x3400 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF;
}
