using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// Phrases that address a model instead of describing a tool (InjectedText.Words.cs). Phrases of ordinary
/// documentation, such as "call this first" and "important", are not findings. A scan for words misses what is said in
/// other words.
/// </summary>
internal static partial class InjectedText
{
    private const string Asks = "It asks for secrets, or for the user's messages.";

    // Real definitions have next to none of these.
    private static readonly (Regex Words, string What)[] Alone =
    [
        (SetAside(), "It tells its reader to set other instructions aside."),
        (Silence(), "It tells its reader to keep something from the user."),
        (Mark(), "It has a marker that begins a system message."),
        (Role(), "It tells its reader to play a role."),
        (Consent(), "It claims consent, or tells its reader to skip confirmations."),
        (Falsehood(), "It tells its reader what to claim."),
        (Command(), "It has a command that fetches and runs something."),
    ];

    // Each of these occurs in real definitions, but these hardly occur together in a sentence.
    private static readonly (Regex[] Words, string What)[] Together =
    [
        ([Secrets(), Address()], Asks),
        ([Secrets(), Handing(), Reader()], Asks),
        ([Secrets(), Handing(), Always()], Asks),
        ([Secrets(), Handing(), Must()], Asks),
        ([KeptSecrets(), Handing()], Asks),
        ([Secrets(), Reader(), Always()], Asks),
        ([Secrets(), Reader(), Must()], Asks),
        ([Address(), Handing(), Always()], "It tells its reader to send something elsewhere."),
    ];

    private static readonly Regex[] Combined = [.. Together.SelectMany(static one => one.Words).Distinct()];

    private static readonly Regex[] Telling = [Secrets(), Address(), Reader(), Always(), Must()];

    /// <summary>Returns a description of the finding, or null if there is none.</summary>
    public static string? In(string text) => In(text, Plain(text));

    /// <summary>Returns a description of the finding, or null if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="plain">The text as <see cref="Plain"/> returns it.</param>
    public static string? In(string text, string plain)
    {
        foreach (var (words, what) in Alone)
        {
            if (words.IsMatch(plain))
                return what;
        }

        // Most texts have no such words anywhere.
        var present = Present(plain, Combined);
        return SaidTogether(present) is null
            ? null
            : Sentences(text).Select(sentence => SaidTogether(Present(Plain(sentence), present)))
                .FirstOrDefault(static what => what is not null);
    }

    /// <summary>
    /// Returns a description of a finding in text that was encoded, or null if there is none. It is hard unless it only
    /// follows from words that are harmless where nobody hid them.
    /// </summary>
    public static (string What, bool IsHard)? InDecoded(string text)
    {
        var plain = Plain(text);
        if (In(text, plain) is { } found)
            return (found, true);
        if (DecodedCommand().IsMatch(plain))
            return ("It is a command that fetches and runs something.", true);
        var isProse = plain.Count(static c => c == ' ') >= 3
            && !plain.Any(static c => char.IsControl(c) || c == '\uFFFD');
        return isProse && Telling.Any(words => words.IsMatch(plain))
            ? ("It is a sentence about secrets, an address, or what a model must do.", false)
            : null;
    }

    private static Regex[] Present(string plain, Regex[] all) => Array.FindAll(all, words => words.IsMatch(plain));

    private static string? SaidTogether(Regex[] present) =>
        Array.Find(Together, one => Array.TrueForAll(one.Words, present.Contains)).What;

    /// <summary>
    /// Normalizes the text as a reader sees it: full-width letters become plain, each run of whitespace one space, all
    /// letters lower case, and characters without width disappear.
    /// </summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\u00AD' or >= '\u200B' and <= '\u200D' or '\u2060' or '\uFEFF')
                continue;
            if (!char.IsWhiteSpace(c))
                plain.Append(char.ToLowerInvariant(DefinitionPlace.Narrow(c)));
            else if (plain.Length > 0 && plain[^1] != ' ')
                plain.Append(' ');
        }

        return plain.ToString();
    }

    // A line ends a sentence too, because lists seldom have full stops.
    private static IEnumerable<string> Sentences(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var ends = text[i] is '\n' or '。' or '！' or '？' or '；'
                || (text[i] is '.' or '!' or '?' or ';' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1])));
            if (!ends && i + 1 < text.Length)
                continue;
            yield return text[start..(i + 1)];
            start = i + 1;
        }
    }
}
