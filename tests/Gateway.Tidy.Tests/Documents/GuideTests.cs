namespace Gateway.Tidy.Tests.Documents;

/// <summary>The guides for contributors: what they say about the tree is compared with the tree.</summary>
public sealed partial class GuideTests
{
    private const string Architecture = "ARCHITECTURE.md";
    private const string Contributing = "CONTRIBUTING.md";
    private const string Decisions = "docs/decisions";

    /// <summary>Three printed pages.</summary>
    private const int ArchitectureWordsMax = 1500;

    private static readonly string[] DecisionHeadings = ["Context", "Decision", "Consequences"];

    [Fact]
    public void Architecture_has_three_pages_and_the_diagrams_of_C4()
    {
        var text = Repository.Read(Architecture);

        Assert.InRange(GuideRules.Words(text), 1, ArchitectureWordsMax);
        foreach (var level in new[] { "## Context", "## Containers", "## Components" })
            Assert.Matches($"(?m)^{level}.*\n```mermaid\n", text);
    }

    [Fact]
    public void Tasks_name_files_that_have_the_named_types()
    {
        var rows = GuideRules.Rows(GuideRules.Section(Repository.Read(Architecture), "Where things are")).ToArray();

        Assert.True(rows.Length >= 15, $"{rows.Length} tasks");
        Offence.AssertNone(rows.SelectMany(row => GuideRules.WrongPlaces(Architecture, row, TextOf)));
    }

    [Theory]
    [InlineData("| a | `src/A.cs` | `A`, `A.B` |", 0)]
    [InlineData("| a | `src/A.cs`, `src/C.cs` | `A.B`, `C` |", 0)]
    [InlineData("| a | `src/A.cs` | `C` |", 1)]
    [InlineData("| a | `src/A.cs` | `A.C` |", 1)]
    [InlineData("| a | `src/A.cs` | |", 1)]
    [InlineData("| a | `src/D.cs` | `D` |", 2)]
    [InlineData("| a | | |", 2)]
    public void Catches_a_task_without_its_file_or_type(string row, int offences) => Assert.Equal(
        offences,
        GuideRules.WrongPlaces("A.md", GuideRules.Rows("| - |\n" + row).Single(), path => path switch
        {
            "src/A.cs" => "class A { int B; }",
            "src/C.cs" => "record C(int X);",
            _ => null,
        }).Count());

    [Fact]
    public void Files_to_read_first_exist_and_are_at_most_ten()
    {
        var items = ListItem().Matches(GuideRules.Section(Repository.Read(Contributing), "Read these files first"))
            .Select(static match => match.Groups[1].Value).ToArray();

        Assert.InRange(items.Length, 5, 10);
        Offence.AssertNone(
            from item in items
            where !TreePath().IsMatch(item) || TextOf(TreePath().Match(item).Groups[1].Value) is null
                || !item.TrimEnd().EndsWith('.')
            select new Offence(Contributing, 0, $"\"{item}\" is not a file of this tree with a sentence"));
    }

    [Fact]
    public void Cost_of_a_change_is_the_files_that_name_its_example()
    {
        var text = Repository.Read(Contributing);
        var rows = CostRow().Count(text);
        var now = CostRow().Replace(text, static row =>
            $"| {row.Groups[1].Value} | {row.Groups[2].Value} | {Cost(row.Groups[2].Value)} |");
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, Contributing), now);

        Assert.True(rows >= 8, $"{rows} kinds of change");
        Assert.True(now == text,
            $"{Contributing} is out of date; GATEWAY_UPDATE=1 dotnet test tests/Gateway.Tidy.Tests updates it:\n"
            + string.Join('\n', now.Split('\n').Except(text.Split('\n'))));
    }

    [Fact]
    public void Comment_costs_nothing() =>
        Assert.Equal(["A.cs"], GuideRules.FilesWith(["one_two"], [("A.cs", "x(\"one_two\")"), ("B.cs", " /// one_two"),
            ("C.cs", "one_two_three")]));

    [Fact]
    public void Decision_has_status_context_decision_and_consequences() => Offence.AssertNone(
        from path in Repository.Files
        where Repository.IsUnder(path, Decisions) && char.IsAsciiDigit(Path.GetFileName(path)[0])
        let text = Repository.Read(path)
        let headings = Heading().Matches(text).Select(static match => match.Groups[1].Value)
        where !headings.SequenceEqual(DecisionHeadings) || !Status().IsMatch(text)
        select new Offence(path, 0, "is not in the form of a decision: Status, Context, Decision, Consequences"));

    [Theory]
    [InlineData("SECURITY.md", "What the gateway promises", 5)]
    [InlineData("docs/engineering/exactness.md", "Promises and their tests", 8)]
    public void Promise_names_a_test_that_exists(string page, string section, int least)
    {
        var tests = Repository.Sources.Where(static file => file.IsTest)
            .ToLookup(static file => Path.GetFileNameWithoutExtension(file.Path), static file => file.Text);
        var text = GuideRules.Section(Repository.Read(page), section);
        var promises = ListItem().Matches(text).Select(static match => match.Groups[1].Value)
            .Concat(GuideRules.Rows(text).Select(static row => string.Join('|', row))).ToArray();

        Assert.True(promises.Length >= least, $"{promises.Length} promises");
        Offence.AssertNone(
            from promise in promises
            let names = Test().Matches(promise).Select(static match => match.Groups[1].Value).ToArray()
            where names.Length == 0 || names.Any(name => !tests.Contains(name))
            select new Offence(page, 0, $"no existing test is named for: {promise.Trim()}"));
    }

    private static string Cost(string examples)
    {
        string[] names = [.. Quoted().Matches(examples).Select(static match => match.Groups[1].Value)];
        var files = GuideRules.FilesWith(names, Texts.Value);
        if (files.Count == 0)
            return "0 | no file names it; choose another example";
        var places = files.Count <= 8
            ? files.Select(static path => $"`{Path.GetFileName(path)}`")
            : files.GroupBy(static path => path.Split('/')[2], static (project, all) => $"{project} ({all.Count()})");
        return $"{files.Count} | {string.Join(", ", places)}";
    }

    private static readonly Lazy<(string Path, string Text)[]> Texts = new(() =>
    [
        .. Repository.Files.Where(static path => Repository.IsUnder(path, "src")
                && (path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".js", StringComparison.Ordinal)
                    || path.EndsWith(".json", StringComparison.Ordinal)
                    || path.EndsWith(".csproj", StringComparison.Ordinal))
                && !path.Contains("/vendor/", StringComparison.Ordinal) && Path.GetFileName(path) != "openapi.json")
            .Select(static path => (path, Repository.Read(path))),
    ]);

    private static string? TextOf(string path) =>
        Repository.Files.Contains(path) ? Repository.Read(path) : null;

    [GeneratedRegex(@"^(?:- |\d+\. )((?:.|\n(?!\n|- |\d+\. ))+)", RegexOptions.Multiline)]
    private static partial Regex ListItem();

    [GeneratedRegex("`((?:src|tests|docs)/[^`]+)`")]
    private static partial Regex TreePath();

    [GeneratedRegex(@"^\| ([^|\n]+) \| (`[^|\n]+`) \| (\d+) \|[^|\n]*\|$", RegexOptions.Multiline)]
    private static partial Regex CostRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^Status: (?:Accepted|Superseded|Proposed|Deprecated)", RegexOptions.Multiline)]
    private static partial Regex Status();

    [GeneratedRegex(@"`([A-Z]\w*Tests)(?:\.\w+)?`")]
    private static partial Regex Test();
}
