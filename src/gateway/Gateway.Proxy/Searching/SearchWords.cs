namespace Gateway.Proxy.Searching;

/// <summary>The search words of a tool: lower case, without accents, stemmed.</summary>
internal static class SearchWords
{
    private const int ShortestStem = 3;
    private const int LongestWord = 40;

    // Synonyms in agents' requests and servers' definitions; the first word of each group stands for all.
    private static readonly Dictionary<string, string> Same = Groups(
        "get fetch read show view retrieve load display",
        "find search query lookup seek",
        "list enumerate browse",
        "create add new make insert open register",
        "delete remove drop erase destroy discard",
        "update edit change modify patch alter rename adjust",
        "send post notify deliver publish",
        "run execute start launch trigger invoke",
        "stop cancel abort terminate halt end",
        "customer client",
        "user account member person people",
        "message mail email chat",
        "file document",
        "folder directory",
        "refund reimburse",
        "invoice bill",
        "ticket issue",
        "meeting appointment event",
        "picture image photo",
        "money payment");

    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "for", "from", "has", "have", "how", "i",
        "if", "in", "is", "it", "its", "me", "my", "of", "on", "or", "our", "that", "the", "their", "them", "then",
        "there", "this", "to", "us", "use", "was", "we", "what", "when", "where", "which", "who", "will", "with", "you",
        "your", "tool", "please", "need", "want",
    };

    /// <summary>Returns the words of a text, each with the word that represents its synonyms.</summary>
    public static IEnumerable<(string Word, string Kind)> Of(string text, int charsMax)
    {
        foreach (var word in NameWords.Of(text, charsMax, humps: true))
        {
            if (Silent.Contains(word) || word.Length > LongestWord)
                continue;
            if (!char.IsAscii(word[0]) && IsUnspaced(word))
            {
                foreach (var pair in Pairs(word))
                    yield return (pair, pair);
                continue;
            }

            var stem = Stem(word);
            yield return (stem, Same.GetValueOrDefault(stem, stem));
        }
    }

    // Chinese and Japanese are written without spaces; two adjacent characters are the best approximation of a word.
    private static IEnumerable<string> Pairs(string word) => word.Length < 2
        ? [word] : Enumerable.Range(0, word.Length - 1).Select(at => word.Substring(at, 2));

    private static bool IsUnspaced(string word) => word[0] is >= '\u3040' and <= '\u9fff';

    /// <summary>Returns the word without English inflection.</summary>
    private static string Stem(string word)
    {
        foreach (var (ending, plain) in ((string, string)[])
            [("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")])
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal) || word.Length - ending.Length < ShortestStem
                || (ending == "s" && word.EndsWith("ss", StringComparison.Ordinal)))
                continue;
            var stem = word[..^ending.Length] + plain;
            // "stopped", "planning": the ending doubled the letter.
            var isDoubled = ending is "ing" or "ed" && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's');
            return Ended(isDoubled ? stem[..^1] : stem);
        }

        return Ended(word);
    }

    // Both "create" and "creating" become "creat".
    private static string Ended(string stem) =>
        stem.Length > ShortestStem && stem.EndsWith('e') ? stem[..^1] : stem;

    private static Dictionary<string, string> Groups(params ReadOnlySpan<string> groups)
    {
        var same = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var words = group.Split(' ').Select(Stem).ToList();
            foreach (var word in words)
                same[word] = words[0];
        }

        return same;
    }
}
