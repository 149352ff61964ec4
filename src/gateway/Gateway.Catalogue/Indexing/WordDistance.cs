namespace Gateway.Catalogue.Indexing;

/// <summary>
/// The number of typing errors between two words: an extra, missing or wrong letter, or two swapped letters.
/// </summary>
internal static class WordDistance
{
    private const int TolerantFrom = 4;
    private const int TwoErrorsFrom = 8;

    /// <summary>
    /// Returns the maximum number of errors for a word of this length. Short words are one error apart from too many
    /// others.
    /// </summary>
    public static int ErrorsMax(int length) => length < TolerantFrom ? 0 : length < TwoErrorsFrom ? 1 : 2;

    /// <summary>Returns the distance (optimal string alignment), or a number above the bound.</summary>
    /// <param name="left">A word of at most <see cref="IndexFormat.NameCharsMax"/> characters.</param>
    /// <param name="right">Another word.</param>
    /// <param name="errorsMax">The bound; any further errors are not counted.</param>
    public static int Between(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int errorsMax)
    {
        if (Math.Abs(left.Length - right.Length) > errorsMax)
            return errorsMax + 1;
        var width = right.Length + 1;
        Span<int> rows = stackalloc int[3 * width];
        var twoBefore = rows[..width];
        var before = rows[width..(2 * width)];
        var row = rows[(2 * width)..];
        for (var j = 0; j < width; j++)
            before[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var least = row[0] = i;
            for (var j = 1; j < width; j++)
            {
                var changed = before[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(changed, Math.Min(before[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    row[j] = Math.Min(row[j], twoBefore[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }

            if (least > errorsMax)
                return least;
            var free = twoBefore;
            twoBefore = before;
            before = row;
            row = free;
        }

        return before[right.Length];
    }
}
