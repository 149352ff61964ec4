using System.Buffers;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>
/// <c>secret</c>: tokens in the formats of their issuers, private keys, and passwords in URLs. A text is searched for
/// all prefixes at once; the text after a prefix is read without backtracking.
/// </summary>
internal sealed class Secrets : TextPattern
{
    private const int CharactersPerStep = 4;
    private const int StepsPerPrefix = 4;
    private const string KeyBegin = "-----BEGIN ";
    private const string KeyEnd = "-----END ";
    private const string SchemeEnd = "://";

    private static readonly SearchValues<string> Prefixes = SearchValues.Create(
        [.. SecretFormat.All.SelectMany(static format => format.Prefixes), KeyBegin],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> KeyLabel =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ");

    private static readonly SearchValues<char> UserEnd = SearchValues.Create(":" + PasswordEnds);
    private static readonly SearchValues<char> PasswordEnd = SearchValues.Create(PasswordEnds);

    private static readonly int PartsCount = SecretFormat.All.Sum(static format => format.Parts.Length);

    /// <summary>Prefixes by their first character in either case, with the index of the format's first part.</summary>
    private static readonly ILookup<char, (string Prefix, SecretFormat Format, int Part)> ByFirst =
        SecretFormat.All.Index()
            .SelectMany(static indexed => indexed.Item.Prefixes.Select(prefix => (
                Prefix: prefix, Format: indexed.Item,
                Part: SecretFormat.All.Take(indexed.Index).Sum(static before => before.Parts.Length))))
            .SelectMany(static entry => new[]
            {
                (char.ToLowerInvariant(entry.Prefix[0]), entry), (char.ToUpperInvariant(entry.Prefix[0]), entry),
            })
            .ToLookup(static keyed => keyed.Item1, static keyed => keyed.entry);

    private const string PasswordEnds = "/@\"'<> \t\r\n\f\v\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
        + "\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

    public override string Name => "a secret";

    public override void Find(string text, WorkBudget work, List<TextSpan> found)
    {
        if (!work.Spend(1 + (text.Length / CharactersPerStep)))
            return;
        FindPrefixed(text, work, found);
        FindUrls(text, work, found);
    }

    private static void FindPrefixed(string text, WorkBudget work, List<TextSpan> found)
    {
        var at = text.AsSpan().IndexOfAny(Prefixes);
        if (at < 0)
            return;
        var reader = new SecretReader(text, PartsCount);
        while (true)
        {
            var before = reader.Read;
            var end = EndAt(ref reader, text, at);
            var steps = StepsPerPrefix + ((reader.Read - before) / WorkBudget.CharactersPerStep);
            if (!work.Spend(end > at ? steps + WorkBudget.StepsPerFind : steps))
                return;
            if (end > at)
                found.Add(new TextSpan(at, end - at));
            at = Math.Max(at + 1, end);
            var next = text.AsSpan(at).IndexOfAny(Prefixes);
            if (next < 0)
                return;
            at += next;
        }
    }

    /// <summary>Returns the end of the secret at a position; the position itself if there is none.</summary>
    private static int EndAt(ref SecretReader reader, string text, int at)
    {
        if (StartsAt(text, at, KeyBegin, StringComparison.Ordinal))
            return KeyEndAt(ref reader, text, at);
        foreach (var (prefix, format, part) in ByFirst[text[at]])
        {
            var comparison = format.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            if (!StartsAt(text, at, prefix, comparison) || (format.IsWord && IsInWord(text, at)))
                continue;
            var end = reader.EndOf(format.Parts, part, at + prefix.Length);
            if (end >= 0 && reader.HasDigit(at, end))
                return end;
        }

        return at;
    }

    // A truncated key is still usable by anyone who knows its format, so it reaches as far as its lines do.
    private static int KeyEndAt(ref SecretReader reader, string text, int at)
    {
        var label = at + KeyBegin.Length;
        var begun = reader.LabelEnd(KeyLabel, label);
        if (!IsPrivateKey(text, label, begun))
            return at;
        var body = begun + 5;
        var end = text.IndexOf("--", body, StringComparison.Ordinal);
        end = end < 0 ? text.Length : end;
        reader.Read += end - body;
        if (!StartsAt(text, end, KeyEnd, StringComparison.Ordinal))
            return end;
        var ended = reader.LabelEnd(KeyLabel, end + KeyEnd.Length);
        return IsPrivateKey(text, end + KeyEnd.Length, ended) ? ended + 5 : end;
    }

    private static bool IsPrivateKey(string text, int start, int end)
    {
        var label = text.AsSpan(start, end - start);
        return (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)
                || label.EndsWith("PRIVATE KEY BLOCK", StringComparison.Ordinal))
            && StartsAt(text, end, "-----", StringComparison.Ordinal);
    }

    /// <summary>
    /// Adds <c>scheme://user:password@</c>. Neither scheme, user nor password contains a slash, so no character is read
    /// for more than one scheme.
    /// </summary>
    private static void FindUrls(string text, WorkBudget work, List<TextSpan> found)
    {
        for (var at = text.IndexOf(SchemeEnd, StringComparison.Ordinal); at >= 0;)
        {
            var start = SchemeStart(text, at, out var read);
            var user = at + SchemeEnd.Length;
            var userEnd = user + LengthTo(text, user, UserEnd);
            var end = userEnd < text.Length && text[userEnd] == ':'
                ? userEnd + 1 + LengthTo(text, userEnd + 1, PasswordEnd)
                : userEnd;
            var isFound = start >= 0 && end > userEnd + 1 && end < text.Length && text[end] == '@';
            if (!work.Spend(1 + ((at - read + end - user) / CharactersPerStep)
                + (isFound ? WorkBudget.StepsPerFind : 0)))
            {
                return;
            }

            if (isFound)
                found.Add(new TextSpan(start, end + 1 - start));
            at = text.IndexOf(SchemeEnd, user, StringComparison.Ordinal);
        }
    }

    /// <summary>Returns the first letter of at least two characters that begins a word; -1 if there is none.</summary>
    private static int SchemeStart(string text, int end, out int read)
    {
        var start = -1;
        for (read = end; read > 0 && IsScheme(text[read - 1]); read--)
        {
            if (char.IsAsciiLetter(text[read - 1]) && read - 1 <= end - 2 && !IsInWord(text, read - 1))
                start = read - 1;
        }

        return start;
    }

    private static bool IsScheme(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '.' or '-';

    private static int LengthTo(string text, int at, SearchValues<char> ends)
    {
        var length = text.AsSpan(at).IndexOfAny(ends);
        return length < 0 ? text.Length - at : length;
    }

    private static bool IsInWord(string text, int at) =>
        at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] == '_');

    private static bool StartsAt(string text, int at, string prefix, StringComparison comparison) =>
        text.AsSpan(at).StartsWith(prefix, comparison);
}
