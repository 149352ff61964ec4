using System.Globalization;
using System.Text;

namespace Gateway.Proxy.Searching;

/// <summary>A splitter of text from a server into words: lower case, without accents, bounded.</summary>
public static class NameWords
{
    /// <summary>Returns the words of aName, a_name, a-name or a sentence.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="charsMax">The number of characters to read.</param>
    /// <param name="humps">True if a capital letter begins a word.</param>
    public static List<string> Of(string text, int charsMax, bool humps)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var before = '\0';
        // Half of a surrogate pair is not a letter, and malformed text cannot be normalized.
        var plain = Wellformed(text.Length > charsMax ? text[..charsMax] : text).Normalize(NormalizationForm.FormD);
        for (var at = 0; at < plain.Length; at++)
        {
            var letter = plain[at];
            if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark)
                continue;
            if (!char.IsLetterOrDigit(letter))
            {
                End();
                before = letter;
                continue;
            }

            var isHump = humps && char.IsUpper(letter)
                && (char.IsLower(before) || char.IsDigit(before)
                    || (char.IsUpper(before) && at + 1 < plain.Length && char.IsLower(plain[at + 1])));
            if (isHump)
                End();
            word.Append(Accents.Fold(char.ToLowerInvariant(letter)));
            before = letter;
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private static string Wellformed(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            builder.Append(rune.ToString());
        return builder.ToString();
    }
}
