using System.Text;

namespace Gateway.Classifier;

/// <summary>Writes docs/reference/classification.md: every figure on it is one that was measured.</summary>
internal static class ClassificationPage
{
    private const string Begin = "## Unseen servers: the part \"test\"\n";
    private const string End = "## The part \"dev\"\n";

    public static void Write(string path, Figures figures)
    {
        var old = File.Exists(path) ? File.ReadAllText(path) : "";
        var causes = Section(old, "## Causes of errors\n");
        var unseen = Section(old, Begin);
        var text = new StringBuilder("""
            # Errors of the classifier
            `load-tests/catalogue/measure` writes this page, except for "Causes of errors". It compares the classifier
            with labels that were made before it, by `docs/engineering/labelling.md`. Intervals are 95 % intervals by
            Wilson; they treat tools as independent, although tools of one server are alike, so the real uncertainty is
            larger. An uncertain tool counts as wrong and lowers recall.

            Explicit rules read name, description and schema. A linear model weighs their result together with the
            words; a data file in `Gateway.Catalogue` has its weights. It was trained on the part "train" and 8,000 more
            tools of the same servers, with ML.NET (maximum entropy, L2). Temperature, costs and the least certain
            probability come from predictions for authors that the predicting model had not seen, over the part
            "train". The part "dev" was used to develop rules and features, so its figures are optimistic. No family of
            servers is in two parts. The 400 tools of npm servers were neither trained on nor measured.


            """);
        text.Append(unseen.Length > 0 ? unseen : Begin + "Not measured yet.\n\n").Append(End)
            .Append("Measured on the source of this page's commit.\n\n").Append(figures.Summary()).Append('\n')
            .Append(figures.Table()).Append("\nRows are labels, columns results:\n\n").Append(figures.Confusion())
            .Append("\n### Calibration\nThe most likely category, and how often it was the label:\n\n")
            .Append(figures.CalibrationTable()).Append('\n').Append(causes)
            .Append("## The worst errors of the part \"dev\"\nA severe tool with a mild result first.\n\n")
            .Append(figures.Errors());
        File.WriteAllText(path, text.ToString());
    }

    /// <summary>Renews only the part that a run on the part "test" measures.</summary>
    public static void Renew(string path, Figures figures, string commit)
    {
        var text = File.ReadAllText(path);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        var unseen = $"""
            {Begin}Measured on commit {commit}. `load-tests/catalogue/test-runs.tsv` lists every run on this part.

            {figures.Summary()}
            {figures.Table()}
            Rows are labels, columns results:

            {figures.Confusion()}
            The probability of the most likely category, and how often that category was the label:

            {figures.CalibrationTable()}

            """;
        File.WriteAllText(path, text[..from] + unseen + text[to..]);
    }

    private static string Section(string text, string heading)
    {
        var from = text.IndexOf(heading, StringComparison.Ordinal);
        if (from < 0)
            return "";
        var to = text.IndexOf("\n## ", from + heading.Length, StringComparison.Ordinal);
        return text[from..(to < 0 ? text.Length : to + 1)];
    }
}
