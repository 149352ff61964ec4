using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Indexing;

/// <summary>A splitter of text into index words, in the same way for indexed texts and queries.</summary>
internal static class IndexWords
{
    private const int WordCharsMax = 40;

    /// <summary>Returns the words of a name or a sentence, in order.</summary>
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

            // In a script without spaces, each sign is a word.
            foreach (var sign in word)
                yield return sign.ToString();
        }
    }

    /// <summary>Returns true if a query word matches this word.</summary>
    public static bool Finds(string asked, string word) =>
        asked.Length >= PrefixCharsMin ? word.StartsWith(asked, StringComparison.Ordinal) : word == asked;

    /// <summary>The minimum length of a prefix; shorter words only match exactly.</summary>
    public const int PrefixCharsMin = 3;

    private const char FirstSign = '\u3040';
    private const char LastSign = '\u9fff';
}
