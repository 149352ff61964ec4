namespace Gateway.Cluster.Tests.Packages;

/// <summary>The packages in the programs, beside the page that lists each of them with its licence.</summary>
public sealed class ShippedPackagesTests
{
    private const string Page = "docs/engineering/dependencies.md";

    [Fact]
    public void Page_lists_every_package_that_another_one_brings_into_a_program()
    {
        var direct = Rows("## NuGet\n").Select(static row => row.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        var brought = PackagesOf("gateway.deps.json").Union(PackagesOf("gateway-cluster.deps.json"))
            .Where(one => !direct.Contains(one.Split(' ')[0]));

        Assert.Equal(brought.Order(StringComparer.Ordinal), Rows("## NuGet, shipped with these\n"));
    }

    /// <summary>The packages that a program loads, each as "name version".</summary>
    private static IEnumerable<string> PackagesOf(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)));
        return [.. document.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(static library => library.Value.GetProperty("type").GetString() == "package")
            .Select(static library => library.Name.Replace('/', ' '))];
    }

    /// <summary>The first two cells of the rows of a section, in their order.</summary>
    private static string[] Rows(string heading)
    {
        var page = File.ReadAllText(SourceTree.PathOf(Page)).ReplaceLineEndings("\n");
        var section = page[(page.IndexOf(heading, StringComparison.Ordinal) + heading.Length)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        return [.. section.Split('\n')
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| package |", StringComparison.Ordinal))
            .Select(static line => line.Split(" | "))
            .Select(static cells => $"{cells[0][2..]} {cells[1]}")];
    }
}
