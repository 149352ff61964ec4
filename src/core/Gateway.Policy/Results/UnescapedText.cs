using System.Globalization;
using System.Text;

namespace Gateway.Policy.Results;

/// <summary>
/// A text with the backslash escapes of JSON in it undone, at any nesting level. Clients and models undo them in JSON
/// that is part of a text, nested too deep for the gateway to parse, or not quite valid.
/// </summary>
/// <param name="Text">The text without escapes.</param>
/// <param name="Starts">For each of its characters, and for its end, the position in the original text.</param>
internal sealed record UnescapedText(string Text, int[] Starts)
{
    private const int UnitLength = 6;
    private const string Letters = "\"\"\\\\//b\bf\fn\nr\rt\t";

    /// <summary>Undoes one level of escapes; null where the text has none.</summary>
    public static UnescapedText? Of(string text, int[]? starts = null)
    {
        var at = text.IndexOf('\\', StringComparison.Ordinal);
        if (at < 0)
            return null;
        var (output, map) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        var isChanged = false;
        for (at = 0; at < text.Length;)
        {
            map.Add(starts?[at] ?? at);
            var length = Escape(text.AsSpan(at), out var c);
            output.Append(length > 0 ? c : text[at]);
            isChanged |= length > 0;
            at += Math.Max(1, length);
        }

        map.Add(starts?[at] ?? at);
        return isChanged ? new UnescapedText(output.ToString(), [.. map]) : null;
    }

    /// <summary>True if an escaped character is left.</summary>
    public bool HasUnit
    {
        get
        {
            for (var at = Text.IndexOf("\\u", StringComparison.Ordinal); at >= 0;
                at = Text.IndexOf("\\u", at + 1, StringComparison.Ordinal))
            {
                if (Escape(Text.AsSpan(at), out _) == UnitLength)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Returns the part of the original text that encodes a part of this one.</summary>
    public TextSpan Original(TextSpan span) => new(Starts[span.Start], Starts[span.End] - Starts[span.Start]);

    private static int Escape(ReadOnlySpan<char> text, out char c)
    {
        c = '\0';
        if (text.Length < 2 || text[0] != '\\')
            return 0;
        if (text[1] == 'u')
        {
            if (text.Length < UnitLength || !ushort.TryParse(
                text[2..UnitLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                return 0;
            }

            c = (char)unit;
            return UnitLength;
        }

        for (var i = 0; i < Letters.Length; i += 2)
        {
            if (Letters[i] == text[1])
            {
                c = Letters[i + 1];
                return 2;
            }
        }

        return 0;
    }
}
