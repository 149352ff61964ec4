using System.Globalization;

namespace Gateway.Policy.Text;

/// <summary>Suggests corrections for misspelled words.</summary>
public static class Spelling
{
    /// <summary>Returns <c>; did you mean "x"?</c>, or an empty string if no known word is similar.</summary>
    public static string Suggest(string written, IEnumerable<string> known) =>
        Nearest(written, known) is { } best ? $"; did you mean \"{best}\"?" : "";

    /// <summary>Returns a count with its noun: <c>1 error</c>, <c>2,000 errors</c>.</summary>
    public static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>Returns the known word most similar to the written one; null if none is similar.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        var bestDistance = Math.Max(2, written.Length / 3) + 1;
        if (written.Length > 64)
            return null;
        foreach (var word in known)
        {
            var distance = Distance(Fold(written), Fold(word));
            if (distance >= bestDistance || distance >= word.Length)
                continue;
            best = word;
            bestDistance = distance;
        }

        return best;
    }

    /// <summary>Shortens text from a document to keep messages readable.</summary>
    public static string Shorten(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return written.Length <= 80 ? written : $"{written[..77]}...";
    }

    // Most misspellings concern case, '-' and '_'.
    private static string Fold(string word) =>
        word.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substituted, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
