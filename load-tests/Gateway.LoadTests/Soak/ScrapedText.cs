namespace Gateway.LoadTests.Soak;

/// <summary>Figures from the text of <c>/metrics</c>.</summary>
internal static class ScrapedText
{
    /// <summary>Returns the sum of a family over all its labels; null if it is missing.</summary>
    public static double? Sum(string text, string family)
    {
        double? sum = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(family, StringComparison.Ordinal))
                continue;
            var rest = line[family.Length..];
            if (rest.IsEmpty || rest[0] is not ('{' or ' '))
                continue;
            var value = rest[(rest.LastIndexOf('}') + 1)..].Trim();
            // A timestamp may follow the value.
            var end = value.IndexOf(' ');
            if (double.TryParse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture, out var one))
                sum = (sum ?? 0) + one;
        }

        return sum;
    }
}
