using System.Text;

namespace Gateway.Classifier;

/// <summary>A writer for docs/reference/classification.md, which contains only measured figures.</summary>
internal static class ClassificationPage
{
    private const string Begin = "## Unseen servers: the part \"test\"\n";
    private const string End = "## The part \"dev\"\n";
    private const string Findings = "## Findings in definitions\n";

    public static void Write(string path, Figures figures)
    {
        var old = File.Exists(path) ? File.ReadAllText(path) : "";
        var causes = Section(old, "## Causes of errors\n");
        var unseen = Section(old, Begin);
        var findings = Section(old, Findings);
        var text = new StringBuilder("""
            # Errors of the classifier
            `load-tests/catalogue/measure` writes this page, except for "Causes of errors". It compares the classifier
            with labels that were made before it (`load-tests/catalogue/labelling.txt`). Intervals are 95 % intervals
            by Wilson and treat tools as independent, so the real uncertainty is larger. An uncertain tool counts as
            wrong. The labelled tools are split into the parts "train", "dev" and "test"; all servers of one family are
            in the same part. Rules and features were developed on "dev", so its figures are optimistic.


            """);
        text.Append(unseen.Length > 0 ? unseen : Begin + "Not measured yet.\n\n").Append(End)
            .Append(Text(figures)).Append("The worst errors, at most 50:\n\n").Append(figures.Errors()).Append('\n')
            .Append(causes.TrimEnd('\n')).Append('\n');
        if (findings.Length > 0)
            text.Append('\n').Append(findings);
        File.WriteAllText(path, text.ToString());
    }

    /// <summary>Replaces only the part that a run on the part "test" measures.</summary>
    public static void Renew(string path, Figures figures, string commit)
    {
        var text = File.ReadAllText(path);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        var unseen = $"""
            {Begin}Measured on commit {commit}. `load-tests/catalogue/test-runs.tsv` lists every run on this part.

            {Text(figures)}
            """;
        File.WriteAllText(path, text[..from] + unseen + text[to..]);
    }

    /// <summary>Replaces only the tables of the section about findings; the text before them stays.</summary>
    public static void WriteFindings(string path, string tables)
    {
        var text = File.ReadAllText(path);
        var section = Section(text, Findings);
        var from = section.IndexOf("\n| ", StringComparison.Ordinal);
        var until = section.IndexOf("\n### ", StringComparison.Ordinal);
        var renewed = (section.Length == 0 ? Findings : from < 0 ? section : section[..from]).TrimEnd('\n')
            + "\n\n" + tables + (until < 0 ? "" : section[until..]);
        File.WriteAllText(path, section.Length == 0 ? text.TrimEnd('\n') + "\n\n" + renewed
            : text.Replace(section, renewed, StringComparison.Ordinal));
    }

    private static string Text(Figures figures) => $"""
        {figures.Summary()}
        {figures.Table()}
        Rows are labels, columns results:

        {figures.Confusion()}
        The probability of the most likely category, and how often that category was the label:

        {figures.CalibrationTable()}

        """;

    private static string Section(string text, string heading)
    {
        var from = text.IndexOf(heading, StringComparison.Ordinal);
        if (from < 0)
            return "";
        var to = text.IndexOf("\n## ", from + heading.Length, StringComparison.Ordinal);
        return text[from..(to < 0 ? text.Length : to + 1)];
    }
}
