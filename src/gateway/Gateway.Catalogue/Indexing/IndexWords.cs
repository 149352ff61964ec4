using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Indexing;

/// <summary>The words under which something is found, the same for what is written and what is asked.</summary>
internal static class IndexWords
{
    private const int WordCharsMax = 40;

    /// <summary>The words of a name or a sentence, in the order in which they stand.</summary>
    public static IEnumerable<string> Of(string? text, int charsMax)
    {
        if (string.IsNullOrEmpty(text))
            yield break;
        foreach (var word in NameWords.Of(text, charsMax, humps: true))
        {
            if (!word.AsSpan().ContainsAnyInRange(FirstSign, LastSign))
            {
                yield return word.Length > WordCharsMax ? word[..WordCharsMax] : word;
                continue;
            }

            // A writing without spaces: each sign is a word.
            foreach (var sign in word)
                yield return sign.ToString();
        }
    }

    /// <summary>Whether what is asked finds this word.</summary>
    public static bool Finds(string asked, string word) =>
        asked.Length >= PrefixCharsMin ? word.StartsWith(asked, StringComparison.Ordinal) : word == asked;

    /// <summary>Shorter words find themselves only.</summary>
    public const int PrefixCharsMin = 3;

    private const char FirstSign = '\u3040';
    private const char LastSign = '\u9fff';
}
