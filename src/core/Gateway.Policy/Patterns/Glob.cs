using System.Text;

namespace Gateway.Policy.Patterns;

/// <summary>
/// A pattern over code points: literals, <c>?</c> for one and <c>*</c> for any run. Matching reads a name once,
/// whatever the name or pattern contains (<see cref="GlobMachine"/>).
/// </summary>
internal sealed class Glob
{
    public const int AnyRun = -1;
    public const int AnyOne = -2;

    private readonly int[] _tokens;
    private GlobMachine? _machine;

    public Glob(string text, GlobStyle style)
    {
        Text = text;
        _tokens = Tokenise(text, style);
        LiteralLength = _tokens.Count(static token => token >= 0);
        var wild = Array.FindIndex(_tokens, static token => token < 0);
        IsExact = wild < 0;
        var last = Array.FindLastIndex(_tokens, static token => token < 0);
        Prefix = Literal(_tokens.AsSpan(0, IsExact ? _tokens.Length : wild));
        Suffix = Literal(_tokens.AsSpan(last + 1));
    }

    public string Text { get; }

    /// <summary>Number of literal code points: the more, the more specific.</summary>
    public int LiteralLength { get; }

    public bool IsExact { get; }

    /// <summary>
    /// True if the only wildcard is one run at the beginning or the end, so that the affix decides alone.
    /// </summary>
    public bool IsAffixOnly =>
        LiteralLength == _tokens.Length - 1 && (_tokens[0] == AnyRun || _tokens[^1] == AnyRun);

    /// <summary>The literal text that every match begins with.</summary>
    public string Prefix { get; }

    /// <summary>The literal text that every match ends with.</summary>
    public string Suffix { get; }

    /// <summary>Code points, <see cref="AnyOne"/> and <see cref="AnyRun"/>; never two adjacent runs.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    public bool Matches(ReadOnlySpan<char> name) => Matches(name, out _);

    /// <summary>
    /// Matches a name, and returns the number of steps: at most one for each character and 64 tokens.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> name, out long steps) => Matches(name, isBarred: false, out steps);

    /// <summary>Matches a URI whose escaped separators are marked; only literal text matches them.</summary>
    public bool MatchesMarked(ReadOnlySpan<char> uri, out long steps) => Matches(uri, isBarred: true, out steps);

    private bool Matches(ReadOnlySpan<char> name, bool isBarred, out long steps)
    {
        steps = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
            && (_machine ??= new GlobMachine(_tokens)).Matches(name, isBarred, out steps);
    }

    /// <summary>
    /// Returns the code point at a position. An unpaired surrogate counts as one character: it matches itself and
    /// <c>?</c>, and is never skipped.
    /// </summary>
    public static int CodePoint(ReadOnlySpan<char> text, int at, out int width)
    {
        if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        {
            width = 2;
            return char.ConvertToUtf32(text[at], text[at + 1]);
        }

        width = 1;
        return text[at];
    }

    public override string ToString() => Text;

    private static int[] Tokenise(string text, GlobStyle style)
    {
        var tokens = new List<int>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var point = CodePoint(text, at, out var width);
            at += width;
            if (point == '*')
            {
                if (tokens.Count == 0 || tokens[^1] != AnyRun)
                    tokens.Add(AnyRun);
            }
            else
            {
                tokens.Add(point == '?' && style == GlobStyle.Name ? AnyOne : point);
            }
        }

        return [.. tokens];
    }

    private static string Literal(ReadOnlySpan<int> points)
    {
        var text = new StringBuilder(points.Length);
        foreach (var point in points)
        {
            if (point > char.MaxValue)
                text.Append(char.ConvertFromUtf32(point));
            else
                text.Append((char)point);
        }

        return text.ToString();
    }
}

internal enum GlobStyle
{
    /// <summary>Tool and prompt names: <c>*</c> and <c>?</c>.</summary>
    Name,

    /// <summary>URIs: <c>*</c> only, since <c>?</c> begins a query there.</summary>
    Uri,
}
