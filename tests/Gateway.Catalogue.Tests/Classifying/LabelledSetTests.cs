using Gateway.Catalogue.Classifying;
using Xunit.Abstractions;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>How right the classifier is over real tools that were labelled before there was one.</summary>
public sealed class LabelledSetTests(ITestOutputHelper output)
{
    // These labels are older than the category Secret; docs/engineering/labelling.md has the set that knows it.
    private static readonly ToolCategory[] Labelled =
        [.. Enum.GetValues<ToolCategory>().Where(static category => category != ToolCategory.Secret)];

    private const int OfEachMin = 60;
    private const double UnsureMax = 0.15;
    private const double PrecisionMin = 0.9;
    private const double RecallMin = 0.97;

    [Fact]
    public void Has_enough_of_each_category_in_each_half()
    {
        foreach (var half in (string[])["tuned", "held"])
        {
            foreach (var category in Labelled)
            {
                var count = LabelledTools.Labels.Count(label => label.Half == half && label.Category == category);
                Assert.True(count >= OfEachMin, $"{half}: {count} of {category}");
            }
        }

        Assert.Equal(LabelledTools.Labels.Count, LabelledTools.Labels.DistinctBy(static label => label.Digest).Count());
    }

    [DefinitionsFact]
    public void Is_right_often_enough_on_the_half_that_was_looked_at() => Measure("tuned");

    [DefinitionsFact]
    public void Is_right_often_enough_on_the_half_that_was_held_back() => Measure("held");

    private void Measure(string half)
    {
        var results = LabelledTools.Read(half)
            .Select(static pair => (pair.Label.Category, pair.Tool, Found: ToolClassifier.Of(pair.Tool))).ToList();
        Assert.Equal(LabelledTools.Labels.Count(label => label.Half == half), results.Count);
        var sure = results.FindAll(static result => result.Found.IsSure);
        var failures = new List<string>();
        foreach (var category in Labelled)
        {
            var right = sure.Count(result => result.Category == category && result.Found.Category == category);
            var found = sure.Count(result => result.Found.Category == category);
            var there = results.Count(result => result.Category == category);
            var (precision, recall) = ((double)right / Math.Max(1, found), (double)right / there);
            output.WriteLine($"{half} {category}: precision {precision:P1} ({right} of {found}), "
                + $"recall {recall:P1} (of {there})");
            if (precision < PrecisionMin)
                failures.Add($"precision of {category} is {precision:P1}");
            if (category >= ToolCategory.Destructive && recall < RecallMin)
                failures.Add($"recall of {category} is {recall:P1}");
        }

        var unsure = (double)(results.Count - sure.Count) / results.Count;
        output.WriteLine($"{half} not sure: {unsure:P1} ({results.Count - sure.Count} of {results.Count})");
        if (Environment.GetEnvironmentVariable("GATEWAY_TOOL_MISSES") == half)
        {
            foreach (var (label, tool, found) in results.Where(
                static r => r.Category != r.Found.Category || !r.Found.IsSure))
                output.WriteLine($"{label}>{(found.IsSure ? found.Category : "unsure")}: {tool.Name}: "
                    + $"{tool.Description?[..Math.Min(90, tool.Description.Length)].Replace('\n', ' ')} "
                    + $"[{string.Join(' ', found.Reasons.SkipLast(1))}]");
        }

        if (unsure > UnsureMax)
            failures.Add($"{unsure:P1} not sure");
        failures.AddRange(sure
            .Where(static r => r.Category >= ToolCategory.Destructive && r.Found.Category == ToolCategory.Read)
            .Select(static r => $"{r.Tool.Name} is {r.Category} and taken for Read"));
        Assert.Empty(failures);
    }
}
