namespace Gateway.Server.Tests.Telemetry;

/// <summary>The families of a scrape, in the format of Prometheus or in OpenMetrics.</summary>
internal static partial class MetricFamilies
{
    /// <summary>Families that appear only after an event that a test does not control, such as a collection.</summary>
    private static readonly string[] Chance =
        ["dotnet_gc_last_collection_", "dotnet_exceptions_", "kestrel_connection_duration_"];

    /// <summary>Name, type and names of labels, sorted. A name is that of the format of Prometheus.</summary>
    public static string[] Of(string text)
    {
        var labels = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var isOpen = text.EndsWith("# EOF\n", StringComparison.Ordinal);
        SortedSet<string> current = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                var (name, type) = (words[2], words[3]);
                // OpenMetrics names a family without the suffix of its samples.
                if (isOpen && type is "counter") name += "_total";
                if (isOpen && type is "info") (name, type) = (name + "_info", "gauge");
                labels.Add($"{name} {type}", current = []);
            }
            else if (line[0] != '#')
            {
                current.UnionWith(Label().Matches(line.Split(" # {")[0]).Select(static match => match.Groups[1].Value));
            }
        }

        return
        [
            .. labels.Where(static family => !Chance.Any(start =>
                    family.Key.StartsWith(start, StringComparison.Ordinal)))
                .Select(static family => $"{family.Key} {string.Join(',', family.Value)}".TrimEnd()),
        ];
    }

    /// <summary>Lines of OpenMetrics that give a family a unit which its name does not end with.</summary>
    public static string[] WrongUnits(string text) =>
    [
        .. text.Split('\n').Where(static line => line.StartsWith("# UNIT ", StringComparison.Ordinal))
            .Where(static line => line.Split(' ') is not [_, _, var name, var unit]
                || !name.EndsWith($"_{unit}", StringComparison.Ordinal)),
    ];

    [GeneratedRegex("""[{,]([a-zA-Z_][a-zA-Z0-9_]*)=\x22(?:[^\x22\\]|\\.)*\x22""")]
    private static partial Regex Label();
}
