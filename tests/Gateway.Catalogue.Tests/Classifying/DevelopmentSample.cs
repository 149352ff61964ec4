using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>The labelled tools of the part "dev", as features, with their classifications.</summary>
internal static class DevelopmentSample
{
    /// <summary>The lines of the file, with the figures at the top.</summary>
    public static string[] Lines { get; } =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Classifying", "development.tsv"));

    public static IReadOnlyList<SampleTool> Tools { get; } =
        [.. Lines.Where(static line => !line.StartsWith('#')).Select(Read)];

    private static SampleTool Read(string line)
    {
        var cells = line.Split('\t');
        var hints = cells[3].Split(' ');
        var id = cells[0].Split('|');
        var tool = new ToolFacts(id[2], cells[4], JsonElement.Parse(cells[5]), Hint(hints[0]), Hint(hints[1]));
        var more = cells[6].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static hash => uint.Parse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        return new SampleTool(
            id[1], tool, Enum.Parse<ToolCategory>(cells[1]), Enum.Parse<RiskLevel>(cells[2]),
            ToolClassifier.Of(tool, more));
    }

    private static bool? Hint(string hint) => hint == "-" ? null : bool.Parse(hint);
}

/// <summary>A tool of a server, with its labels and its classification.</summary>
internal sealed record SampleTool(
    string Server, ToolFacts Tool, ToolCategory Label, RiskLevel Risk, Classification Found);
