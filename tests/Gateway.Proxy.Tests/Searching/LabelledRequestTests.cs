using Gateway.Catalogue.Tests.Classifying;
using Gateway.Proxy.Searching;
using Xunit.Abstractions;

namespace Gateway.Proxy.Tests.Searching;

/// <summary>How often the right tool is among the first five that are found, and what that spares the model.</summary>
public sealed class LabelledRequestTests(ITestOutputHelper output)
{
    private const int Shown = 5;
    private const double BytesOfToken = 4;
    private const int BytesOfThreeTools = 1500;
    private const double ShareMin = 0.9;

    [Fact]
    public void The_right_tool_is_among_the_first_five_and_most_tokens_are_spared()
    {
        var share = Measure(Tools());
        Assert.True(share.Right >= ShareMin, $"{share.Right:P0} of the right tools were among the first {Shown}");
        Assert.True(share.Spared >= 0.7, $"only {share.Spared:P0} of the tokens were spared");
    }

    [DefinitionsFact]
    public void The_right_tool_is_found_among_a_thousand_of_others()
    {
        var others = File.ReadLines(DefinitionsFactAttribute.Definitions!).Select(static line =>
        {
            using var tool = JsonDocument.Parse(line);
            var name = tool.RootElement.GetProperty("name").GetString()!;
            return (Key: "other/" + name, Tool: SearchableTool.Of(name, line, "other"));
        });
        var share = Measure([.. Tools(), .. others]);
        Assert.True(share.Right >= 0.7, $"{share.Right:P0} of the right tools were among the first {Shown}");
    }

    private (double Right, double Spared) Measure(List<(string Key, SearchableTool Tool)> tools)
    {
        var (asked, right, shown) = (0, 0, 0.0);
        foreach (var (request, wanted) in Lines("requests.tsv").Select(static cells => (cells[0], cells[1])))
        {
            var found = ToolRanking.Best(tools, static one => one.Tool, request).Take(Shown).ToList();
            asked++;
            shown += found.Sum(static one => one.Key.Length + Math.Min(one.Tool.Description.Length, 200) + 30)
                + tools.Single(one => one.Key == wanted).Tool.Definition.Length;
            if (found.Any(one => one.Key == wanted))
                right++;
            else
                output.WriteLine($"{request}: no {wanted} in {string.Join(", ", found.Select(static one => one.Key))}");
        }

        var all = tools.Sum(static one => one.Tool.Definition.Length) / BytesOfToken;
        var searched = (BytesOfThreeTools + (shown / asked)) / BytesOfToken;
        output.WriteLine($"{tools.Count} tools: {right} of {asked} in the first {Shown} ({(double)right / asked:P0}); "
            + $"{all:N0} tokens of definitions, {searched:N0} with a search ({1 - (searched / all):P0} spared)");
        return ((double)right / asked, 1 - (searched / all));
    }

    private static List<(string Key, SearchableTool Tool)> Tools() =>
        [.. Lines("tools.tsv").Select(static cells =>
            ($"{cells[0]}/{cells[1]}", SearchableTool.Of(cells[1], Definition(cells), cells[0])))];

    private static string Definition(string[] cells)
    {
        var properties = cells[3].Split("; ", StringSplitOptions.RemoveEmptyEntries)
            .Select(static one => one.Split(": "))
            .ToDictionary(static pair => pair[0], static pair => new { type = "string", description = pair[1] });
        return JsonSerializer.Serialize(new
        {
            name = cells[1],
            description = cells[2],
            inputSchema = new { type = "object", properties, required = properties.Keys },
        });
    }

    private static IEnumerable<string[]> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Searching", file))
            .Where(static line => !line.StartsWith('#')).Select(static line => line.Split('\t'));
}
