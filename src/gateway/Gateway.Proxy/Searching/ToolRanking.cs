namespace Gateway.Proxy.Searching;

/// <summary>
/// The ranking of tools by relevance to a request. Only the given tools affect the ranking, so tools that a grant may
/// not call do not change its results. The measure is BM25, with more weight for a tool's name than for its other
/// texts.
/// </summary>
public static class ToolRanking
{
    private const double Saturation = 3;
    private const double LengthShare = 0.75;
    private const int WordsMax = 32;
    private const int QueryCharsMax = 4096;

    /// <summary>
    /// Returns the matching items, best first; ties keep their order. An item that shares no word with the query is
    /// omitted.
    /// </summary>
    /// <param name="all">The items to search.</param>
    /// <param name="tool">Returns the tool of an item.</param>
    /// <param name="query">The search text.</param>
    public static IReadOnlyList<T> Best<T>(IReadOnlyList<T> all, Func<T, SearchableTool> tool, string query)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(tool);
        var words = SearchWords.Of(query, QueryCharsMax)
            .SelectMany(static word => (string[])[word.Word, SearchableTool.KindKey(word.Kind)])
            .Distinct(StringComparer.Ordinal).Take(2 * WordsMax).ToList();
        if (all.Count == 0 || words.Count == 0)
            return [];
        var tools = all.Select(tool).ToList();
        var rarity = words.ToDictionary(static word => word, word => Rarity(tools, word), StringComparer.Ordinal);
        var usual = Math.Max(1, tools.Average(static one => one.Length));
        return [.. tools
            .Select((one, at) => (Item: all[at], Score: Score(one, words, rarity, usual), At: at))
            .Where(static one => one.Score > 0)
            .OrderByDescending(static one => one.Score).ThenBy(static one => one.At)
            .Select(static one => one.Item)];
    }

    private static double Rarity(List<SearchableTool> tools, string word)
    {
        var having = tools.Count(tool => tool.Weight(word) > 0);
        return Math.Log(1 + ((tools.Count - having + 0.5) / (having + 0.5)));
    }

    private static double Score(
        SearchableTool tool, List<string> words, Dictionary<string, double> rarity, double usual)
    {
        var room = Saturation * (1 - LengthShare + (LengthShare * tool.Length / usual));
        var score = 0.0;
        foreach (var word in words)
        {
            if (tool.Weight(word) is > 0 and var weight)
                score += rarity[word] * weight / (weight + room);
        }

        return score;
    }
}
