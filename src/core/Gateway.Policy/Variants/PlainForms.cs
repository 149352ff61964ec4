using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Variants;

/// <summary>
/// Names as an imprecise reader compares them: without case, compatibility forms and invisible characters. The
/// framework's normalization has no effect without culture data, so the forms are a table in this assembly.
/// </summary>
internal static class PlainForms
{
    private const string ResourceName = "plain-forms.txt";
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(static c => (char)c)
            .Where(static c => !char.IsAsciiLetterUpper(c))]);

    private static readonly Lazy<Dictionary<int, string>> Table = new(static () => FormTable.Read(ResourceName).Forms);

    /// <summary>
    /// Returns one text for all names that a reader may confuse. Marks on one letter are brought into one order, so
    /// that a few names coincide that Unicode distinguishes.
    /// </summary>
    public static string Of(string name)
    {
        if (name.AsSpan().IndexOfAnyExcept(Plain) < 0)
            return name;
        if (name.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
            return name.ToLowerInvariant();
        var plain = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (!Unseen.Is(rune))
                Append(plain, rune);
        }

        SortMarks(plain);
        return plain.ToString().Trim();
    }

    private static void Append(StringBuilder plain, Rune rune)
    {
        const int firstSyllable = 0xAC00, lastSyllable = 0xD7A3, vowels = 21, finals = 28;
        if (rune.Value is >= firstSyllable and <= lastSyllable)
        {
            var syllable = rune.Value - firstSyllable;
            plain.Append((char)(0x1100 + (syllable / (vowels * finals))));
            plain.Append((char)(0x1161 + (syllable / finals % vowels)));
            if (syllable % finals > 0)
                plain.Append((char)(0x11A7 + (syllable % finals)));
        }
        else if (Table.Value.TryGetValue(rune.Value, out var form))
        {
            plain.Append(form);
        }
        else
        {
            plain.Append(rune.ToString());
        }
    }

    private static void SortMarks(StringBuilder plain)
    {
        for (var i = 1; i < plain.Length; i++)
        {
            if (!IsMark(plain[i]))
                continue;
            var start = i;
            while (i < plain.Length && IsMark(plain[i]))
                i++;
            var marks = plain.ToString(start, i - start).ToCharArray();
            Array.Sort(marks);
            for (var at = 0; at < marks.Length; at++)
                plain[start + at] = marks[at];
        }
    }

    private static bool IsMark(char c) => c > 0x2FF
        && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
}
