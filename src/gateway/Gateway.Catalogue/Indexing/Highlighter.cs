using System.Globalization;
using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Indexing;

/// <summary>The search for the ranges of a text that match the searched words.</summary>
internal static class Highlighter
{
    private const int RangesMax = 32;

    public static IReadOnlyList<MarkedRange> Mark(string? text, IReadOnlyList<string> asked)
    {
        var ranges = new List<MarkedRange>();
        if (string.IsNullOrEmpty(text) || asked.Count == 0)
            return ranges;
        var end = Math.Min(text.Length, IndexFormat.TextCharsMax);
        for (var start = 0; start < end && ranges.Count < RangesMax;)
        {
            var length = PieceLength(text, start, end);
            var words = IndexWords.Of(text.Substring(start, length), length);
            if (words.Any(word => asked.Any(one => IndexWords.Finds(one, word))))
                ranges.Add(new MarkedRange(start, length));
            start += length;
        }

        return ranges;
    }

    /// <summary>
    /// Returns the length of a word as <see cref="NameWords"/> splits them, or of one character outside words.
    /// </summary>
    private static int PieceLength(string text, int start, int end)
    {
        var at = start;
        for (; at < end && IsOfWord(text[at]); at++)
        {
            var isHump = at > start && char.IsUpper(text[at])
                && (!char.IsUpper(text[at - 1]) || (at + 1 < end && char.IsLower(text[at + 1])));
            // A sign of a script without spaces is a word by itself.
            if (isHump || (at > start && (IsSign(text[at]) || IsSign(text[at - 1]))))
                break;
        }

        return Math.Max(1, at - start);
    }

    private static bool IsSign(char letter) => letter is >= '\u3040' and <= '\u9fff';

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter)
        || CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;
}
