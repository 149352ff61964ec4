namespace Gateway.LoadTests.Table;

/// <summary>The reasons why a goal is missed, by row. Each line contains the key, a colon and the reason.</summary>
internal static class TableReasons
{
    /// <exception cref="FormatException">A line names an unknown row, or a row for the second time.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> lines)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Where(static line => line.Length > 0 && line[0] != '#'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var key = colon < 0 ? line : line[..colon];
            var isRow = colon >= 0 && TableRows.All.Any(row => row.Key == key);
            if (!isRow || !reasons.TryAdd(key, line[(colon + 1)..].Trim()))
                throw new FormatException($"Not a reason of a row of its own: {line}");
        }

        return reasons;
    }
}
