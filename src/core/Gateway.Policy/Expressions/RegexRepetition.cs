using System.Globalization;

namespace Gateway.Policy.Expressions;

/// <summary>A quantifier of a regular expression.</summary>
internal static class RegexRepetition
{
    /// <summary>Reads the quantifier at a position and advances past it.</summary>
    /// <returns>
    /// The maximum number of repetitions; 1 if there is no quantifier, null if there is no upper bound.
    /// </returns>
    public static int? Read(ReadOnlySpan<char> text, ref int at)
    {
        int? most = 1;
        if (at >= text.Length)
            return most;
        if (text[at] is '*' or '+' or '?')
        {
            most = text[at] == '?' ? 1 : null;
            at++;
        }
        else if (text[at] != '{' || !TryBounds(text[at..], out most, out var length))
            return 1;
        else
            at += length;

        // A lazy quantifier ends in another question mark.
        if (at < text.Length && text[at] == '?')
            at++;
        return most;
    }

    private static bool TryBounds(ReadOnlySpan<char> text, out int? most, out int length)
    {
        most = 1;
        length = text.IndexOf('}') + 1;
        if (length == 0)
            return false;
        var bounds = text[1..(length - 1)];
        var comma = bounds.IndexOf(',');
        if (!TryRead(comma < 0 ? bounds : bounds[..comma], out var least))
            return false;
        if (comma < 0)
        {
            most = least;
            return true;
        }

        var upper = bounds[(comma + 1)..];
        most = TryRead(upper, out var written) ? written : null;
        return upper.IsEmpty || most is not null;
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
