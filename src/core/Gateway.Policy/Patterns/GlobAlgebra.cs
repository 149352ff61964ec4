namespace Gateway.Policy.Patterns;

/// <summary>Determines the exact relation between two patterns.</summary>
internal static class GlobAlgebra
{
    /// <summary>Returns true if some name matches both patterns.</summary>
    /// <remarks>
    /// Searches the product of the two automata: (i, j) is reachable if one text can bring the first pattern to its
    /// token i and the second to its token j. Steps only go forward, so row by row visits each pair once.
    /// </remarks>
    public static bool Intersect(Glob first, Glob second)
    {
        if (!CanShareEnds(first, second))
            return false;
        ReadOnlySpan<int> a = first.Tokens, b = second.Tokens;
        var row = new bool[b.Length + 1];
        var next = new bool[b.Length + 1];
        row[0] = true;
        for (var i = 0; i <= a.Length; i++)
        {
            Array.Clear(next);
            for (var j = 0; j <= b.Length; j++)
            {
                if (row[j])
                    Step(i < a.Length ? a[i] : null, j < b.Length ? b[j] : null, j, row, next);
            }

            if (i == a.Length)
                break;
            (row, next) = (next, row);
            if (!row.AsSpan().Contains(true))
                return false;
        }

        return row[b.Length];
    }

    /// <summary>Returns the maximum number of steps of <see cref="Intersect"/>.</summary>
    public static long WorkOf(Glob first, Glob second) =>
        CanShareEnds(first, second) ? (long)(first.Tokens.Length + 1) * (second.Tokens.Length + 1) : 1;

    /// <summary>
    /// Returns true if every match of <paramref name="narrow"/> also matches <paramref name="wide"/>. True is certain;
    /// false is not.
    /// </summary>
    public static bool Covers(Glob wide, Glob narrow)
    {
        // The narrow pattern is read as a text, in which only a run of the wide one can match a run.
        ReadOnlySpan<int> w = wide.Tokens, n = narrow.Tokens;
        int token = 0, at = 0, afterRun = -1, resume = 0;
        while (at < n.Length)
        {
            if (token < w.Length && w[token] == Glob.AnyRun)
            {
                afterRun = ++token;
                resume = at;
            }
            else if (token < w.Length && n[at] != Glob.AnyRun && (w[token] == Glob.AnyOne || w[token] == n[at]))
            {
                token++;
                at++;
            }
            else if (afterRun >= 0)
            {
                at = ++resume;
                token = afterRun;
            }
            else
            {
                return false;
            }
        }

        return token == w.Length || (token == w.Length - 1 && w[token] == Glob.AnyRun);
    }

    private static void Step(int? a, int? b, int j, bool[] row, bool[] next)
    {
        // An empty run is skipped; a run that takes a character stays where it is.
        if (a == Glob.AnyRun)
            next[j] = true;
        if (b == Glob.AnyRun)
            row[j + 1] = true;
        if (a is null || b is null)
            return;
        if (a == Glob.AnyRun && b != Glob.AnyRun)
            row[j + 1] = true;
        else if (b == Glob.AnyRun && a != Glob.AnyRun)
            next[j] = true;
        else if (a == b || a == Glob.AnyOne || b == Glob.AnyOne)
            next[j + 1] = true;
    }

    private static bool CanShareEnds(Glob a, Glob b)
    {
        var prefix = Math.Min(a.Prefix.Length, b.Prefix.Length);
        var suffix = Math.Min(a.Suffix.Length, b.Suffix.Length);
        return a.Prefix.AsSpan(0, prefix).SequenceEqual(b.Prefix.AsSpan(0, prefix))
            && a.Suffix.AsSpan(a.Suffix.Length - suffix).SequenceEqual(b.Suffix.AsSpan(b.Suffix.Length - suffix));
    }
}
