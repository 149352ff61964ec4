using System.Globalization;
using System.Text;
using Gateway.Catalogue.Classifying;

namespace Gateway.Classifier;

/// <summary>The accuracy of the classifier on labeled tools.</summary>
internal sealed class Figures
{
    private const int WorstMax = 50;
    private readonly List<(LabelledTool Tool, Classification Found)> _all;

    private Figures(List<(LabelledTool, Classification)> all, int missing) => (_all, Missing) = (all, missing);

    public static ToolCategory[] Categories { get; } =
        [.. Enum.GetValues<ToolCategory>().OrderBy(static one => one.Severity())];

    public int Missing { get; }

    public int Count => _all.Count;

    public int Sure => _all.Count(static one => one.Found.IsSure);

    public int Right => _all.Count(static one => IsRight(one.Tool, one.Found));

    /// <summary>The number of Critical or Secret tools that are rated Low.</summary>
    public int RatedLow => _all.Count(static one => one.Found.Risk == RiskLevel.Low
        && (one.Tool.Risk == RiskLevel.Critical || one.Tool.Category == ToolCategory.Secret));

    /// <summary>The number of Destructive, Financial and Secret tools that are classified as Read.</summary>
    public int GraveAsRead => _all.Count(static one =>
        one.Tool.Category.IsGrave() && one.Found is { IsSure: true, Category: ToolCategory.Read });

    public static Figures Of(IReadOnlyList<LabelledTool> tools, int missing) =>
        new([.. tools.Select(static tool => (tool, ToolClassifier.Of(tool.Tool)))], missing);

    public (int Right, int There) Recall(ToolCategory category) =>
        (_all.Count(one => one.Tool.Category == category && IsRight(one.Tool, one.Found)),
            _all.Count(one => one.Tool.Category == category));

    public (int Right, int Called) Precision(ToolCategory category) =>
        (_all.Count(one => one.Tool.Category == category && IsRight(one.Tool, one.Found)),
            _all.Count(one => one.Found.IsSure && one.Found.Category == category));

    /// <summary>Returns all figures; the errors of the part "test" stay unseen.</summary>
    public string Text(bool withErrors)
    {
        var text = new StringBuilder();
        text.Append(Summary()).Append('\n').Append(Table()).Append('\n').Append(Confusion()).Append('\n')
            .Append(CalibrationTable());
        if (withErrors)
            text.Append('\n').Append(Errors());
        return text.ToString();
    }

    public string Summary() => string.Create(CultureInfo.InvariantCulture, $"""
        - Tools: {Count}; {Missing} labelled tools had no definition.
        - Correct, of all tools, counting uncertain as wrong: {Share(Right, Count)}.
        - Coverage, the share that is not uncertain: {Share(Sure, Count)}.
        - Correct, of the tools that are not uncertain: {Share(Right, Sure)}.
        - Destructive, Financial or Secret and called Read: {GraveAsRead}. Critical or Secret and rated Low: {RatedLow}.

        """);

    public string Table()
    {
        var text = new StringBuilder("| category | tools | recall | precision |\n|---|---|---|---|\n");
        foreach (var category in Categories)
        {
            var ((right, there), (_, called)) = (Recall(category), Precision(category));
            text.Append(CultureInfo.InvariantCulture,
                $"| {category} | {there} | {Share(right, there)} | {Share(right, called)} |\n");
        }

        return text.ToString();
    }

    public string Confusion()
    {
        var text = new StringBuilder("| label | ");
        text.AppendJoin(" | ", Categories).Append(" | uncertain |\n|---|");
        text.Append(string.Concat(Enumerable.Repeat("---|", Categories.Length + 1))).Append('\n');
        foreach (var label in Categories)
        {
            var rows = _all.FindAll(one => one.Tool.Category == label);
            text.Append(CultureInfo.InvariantCulture, $"| {label} |");
            foreach (var found in Categories)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $" {rows.Count(one => one.Found.IsSure && one.Found.Category == found)} |");
            }

            text.Append(CultureInfo.InvariantCulture, $" {rows.Count(static one => !one.Found.IsSure)} |\n");
        }

        return text.ToString();
    }

    public string CalibrationTable()
    {
        var text = new StringBuilder("| probability | tools | mean probability | right |\n|---|---|---|---|\n");
        double[] bounds = [0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01];
        for (var i = 1; i < bounds.Length; i++)
        {
            var rows = _all.Select(static one => (one.Tool.Category, Best: Best(one.Found)))
                .Where(one => one.Best.P >= bounds[i - 1] && one.Best.P < bounds[i]).ToList();
            if (rows.Count == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture,
                $"| {bounds[i - 1]:0.00} to {Math.Min(1, bounds[i]):0.00} | {rows.Count} | ");
            text.Append(CultureInfo.InvariantCulture, $"{rows.Average(static one => one.Best.P):0.000} | ");
            text.Append(CultureInfo.InvariantCulture,
                $"{rows.Average(static one => one.Best.Category == one.Category ? 1.0 : 0):0.000} |\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// Returns the errors, most costly first: grave tools that are classified as mild, then the most certain ones.
    /// </summary>
    public string Errors()
    {
        var text = new StringBuilder("| server and tool | label | found | probability |\n|---|---|---|---|\n");
        foreach (var (tool, found) in _all.Where(static one => !IsRight(one.Tool, one.Found))
            .OrderByDescending(static one => one.Found.IsSure)
            .ThenByDescending(static one => one.Tool.Category.Severity() - one.Found.Category.Severity())
            .ThenByDescending(static one => one.Found.Confidence)
            .ThenBy(static one => one.Tool.Id, StringComparer.Ordinal).Take(WorstMax))
        {
            var cells = tool.Id.Split('|');
            text.Append(CultureInfo.InvariantCulture, $"| `{cells[1]}` `{cells[2]}` | {tool.Category}, {tool.Risk} | ");
            text.Append(CultureInfo.InvariantCulture,
                $"{(found.IsSure ? found.Category : "uncertain")}, {found.Risk} | {found.Confidence:0.00} |\n");
        }

        return text.ToString();
    }

    /// <summary>Returns a share with its 95 % Wilson interval.</summary>
    public static string Share(int part, int of)
    {
        if (of == 0)
            return "none";
        const double Z = 1.959964;
        var (share, square) = ((double)part / of, Z * Z);
        var middle = (share + (square / (2 * of))) / (1 + (square / of));
        var half = Z * Math.Sqrt((share * (1 - share) / of) + (square / (4.0 * of * of))) / (1 + (square / of));
        return string.Create(CultureInfo.InvariantCulture,
            $"{share:0.000} ({middle - half:0.000} to {middle + half:0.000}; {part} of {of})");
    }

    private static (ToolCategory Category, double P) Best(Classification found)
    {
        var best = found.Probabilities!.MaxBy(static one => one.Value);
        return (best.Key, best.Value);
    }

    private static bool IsRight(LabelledTool tool, Classification found) =>
        found.IsSure && found.Category == tool.Category;
}
