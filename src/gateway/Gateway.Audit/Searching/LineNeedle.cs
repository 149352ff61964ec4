using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Gateway.Audit.Searching;

/// <summary>Bytes that a matching line contains, with or without regard to case.</summary>
internal sealed class LineNeedle
{
    // From the most frequent bytes of records to the rarest ones.
    private const string ByFrequency = "eotanisrldcmuph\":,-_/0123456789gfwybvkxjqz";

    private readonly byte[] _bytes;
    private readonly bool _ignoresCase;
    private readonly int _anchor;
    private readonly SearchValues<byte>? _anchors;

    private LineNeedle(string text, bool ignoresCase)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        _ignoresCase = ignoresCase;
        if (!ignoresCase)
            return;
        // A search for the rarest character stops at the fewest places.
        _anchor = Enumerable.Range(0, text.Length).MaxBy(at => RarityOf(char.ToLowerInvariant(text[at])));
        var (lower, upper) = (char.ToLowerInvariant(text[_anchor]), char.ToUpperInvariant(text[_anchor]));
        _anchors = SearchValues.Create([(byte)lower, (byte)upper]);
    }

    public int Length => _bytes.Length;

    private static int RarityOf(char character) =>
        ByFrequency.IndexOf(character, StringComparison.Ordinal) is var rank and >= 0 ? rank : ByFrequency.Length;

    public static LineNeedle Exactly(string text) => new(text, ignoresCase: false);

    /// <summary>
    /// Returns the longest part of a word that a record contains unescaped; null if every character may be escaped.
    /// </summary>
    public static LineNeedle? OfWord(string word)
    {
        var (start, length) = (0, 0);
        for (var at = 0; at < word.Length; at++)
        {
            var end = at;
            while (end < word.Length && char.IsAscii(word[end]) && !JavaScriptEncoder.Default.WillEncode(word[end]))
                end++;
            if (end - at > length)
                (start, length) = (at, end - at);
            at = end;
        }

        return length == 0 ? null : new LineNeedle(word.Substring(start, length), ignoresCase: true);
    }

    /// <summary>Returns the place of the first occurrence; -1 if there is none.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        if (!_ignoresCase)
            return text.IndexOf(_bytes);
        var from = _anchor;
        while (from < text.Length)
        {
            var next = text[from..].IndexOfAny(_anchors!);
            if (next < 0)
                return -1;
            var start = from + next - _anchor;
            if (start + _bytes.Length > text.Length)
                return -1;
            if (Ascii.EqualsIgnoreCase(text.Slice(start, _bytes.Length), _bytes))
                return start;
            from += next + 1;
        }

        return -1;
    }
}
