namespace Gateway.Tidy.Tests.Documents;

/// <summary>Whoever is woken by an alert finds its section, and every section says the same five things.</summary>
internal static partial class RunbookRules
{
    public const string AlertsPath = "deploy/k8s/templates/_alerts.tpl";
    public const string RunbookPath = "docs/how-to/runbook.md";

    private static readonly string[] Leads = ["Means", "Agents see", "Look at", "Do", "Silence"];

    public static IEnumerable<Offence> Sections(string alerts, string runbook)
    {
        var names = Alert().Matches(alerts).Select(match => match.Groups[1].Value).ToArray();
        var sections = Section().Matches(runbook).ToDictionary(
            match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal);
        if (names.Length == 0) yield return new(AlertsPath, 0, "holds no alert");
        foreach (var name in names.Except(sections.Keys))
            yield return new(AlertsPath, 0, $"the alert {name} has no section in {RunbookPath}");
        foreach (var name in sections.Keys.Except(names))
            yield return new(RunbookPath, 0, $"{name} is no alert");
        foreach (var (name, text) in sections)
        {
            foreach (var lead in Leads.Where(lead => !text.Contains($"\n**{lead}.** ", StringComparison.Ordinal)))
                yield return new(RunbookPath, 0, $"{name} has no paragraph \"{lead}\"");
        }
    }

    [GeneratedRegex(@"^ +- alert: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^## (\S+)(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}
