using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Table;

/// <summary>The table for users, as a page.</summary>
internal static class TableText
{
    private const string Intro = """
        # What it costs

        The goals, and the results on one machine. Each figure is the median of all rounds, with the minimum and the
        maximum in parentheses. The programs that a row compares run alternately in one run. Rely on the ratios:
        absolute figures are comparable only with others from the same machine. `docs/engineering/performance.md`
        describes how each is measured, and explains the goals that are missed.
        """;

    public static string Of(
        IReadOnlyList<Measured> measured, IReadOnlyDictionary<string, string> reasons, string made)
    {
        var hasBefore = measured.Any(static one => one.OfBefore is not null);
        var text = new StringBuilder(Intro).Append("\n\n").Append(made).Append("\n\n")
            .Append(hasBefore ? "| what | goal | measured | × the build before | met |\n|---|---|---|---|---|\n"
                : "| what | goal | measured | met |\n|---|---|---|---|\n");
        foreach (var row in TableRows.All)
        {
            var found = measured.FirstOrDefault(one => one.Key == row.Key);
            var before = hasBefore ? $" {(found?.OfBefore is { } ratio ? Figure(ratio, "0.00") : "")} |" : "";
            text.Append(CultureInfo.InvariantCulture, $"| {row.What} | {Goal(row)} |")
                .Append(found is null ? " not measured |" : $" {Figure(found.Series, row.Format)} {row.Unit} |")
                .Append(before).Append(CultureInfo.InvariantCulture, $" {Met(row, found, reasons)} |\n");
        }

        return text.ToString();
    }

    private static string Goal(TableRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{(row.IsLeast ? "≥" : "≤")} {row.Bound} {row.Unit}");

    private static string Figure(Series series, string format) =>
        $"{Text(series.Median, format)} ({Text(series.Least, format)} to {Text(series.Most, format)})";

    private static string Text(double figure, string format) => figure.ToString(format, CultureInfo.InvariantCulture);

    private static string Met(TableRow row, Measured? found, IReadOnlyDictionary<string, string> reasons)
    {
        if (found is null)
            return "";
        if (row.IsMet(found.Series))
            return "yes";
        return reasons.TryGetValue(row.Key, out var reason) ? $"no: {reason}" : "no";
    }
}
