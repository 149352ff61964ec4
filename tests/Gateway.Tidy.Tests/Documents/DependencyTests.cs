using System.Xml.Linq;

namespace Gateway.Tidy.Tests.Documents;

/// <summary>The page about dependencies lists what the project uses, in the version that it uses.</summary>
public sealed class DependencyTests
{
    private const string Page = "docs/engineering/dependencies.md";
    private const string Versions = "Directory.Packages.props";
    private const string Shipped = "src/gateway/Gateway.Admin/Console/wwwroot/vendor/vendor.lock.json";

    /// <summary>The sample uses packages as a user would: from the feed, with a version of its own.</summary>
    private const string Sample = "samples/dotnet-rate-limiting/RateLimitingSample.csproj";

    [Fact]
    public void Page_lists_every_NuGet_package_with_its_version()
    {
        var used = Items(Versions, "PackageVersion", "Version").Select(static item => $"{item.Name} {item.Value}");

        Assert.Equal(used.Order(StringComparer.Ordinal), Rows("## NuGet"));
    }

    [Fact]
    public void Every_package_version_is_referenced_by_a_project()
    {
        var referenced = Repository.Files
            .Where(static path => path.EndsWith(".csproj", StringComparison.Ordinal)
                || path.EndsWith("Directory.Build.props", StringComparison.Ordinal))
            .Where(static path => path != Sample)
            .SelectMany(static path => Items(path, "PackageReference", "Version"))
            // A program of one file names its packages itself.
            .Concat(Repository.Files.Where(static path => path.EndsWith(".cs", StringComparison.Ordinal))
                .SelectMany(static path => Repository.Read(path).Split('\n')
                    .TakeWhile(static line => line.StartsWith("#:", StringComparison.Ordinal))
                    .Where(static line => line.StartsWith("#:package ", StringComparison.Ordinal))
                    .Select(static line => (Name: line["#:package ".Length..].Trim(), Value: (string?)null)))).ToList();

        Assert.Equal(
            Items(Versions, "PackageVersion", "Version").Select(static item => item.Name).Order(StringComparer.Ordinal),
            referenced.Select(static item => item.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(referenced, static item => Assert.Null(item.Value));
    }

    [Fact]
    public void Page_lists_every_npm_package_that_the_console_ships_with_its_version()
    {
        using var locks = JsonDocument.Parse(Repository.Read(Shipped));
        var shipped = locks.RootElement.EnumerateObject()
            .SelectMany(static bundle => bundle.Value.GetProperty("packages").EnumerateObject())
            .Select(static package => $"{package.Name} {package.Value.GetProperty("version").GetString()}");

        Assert.Equal(shipped.Distinct().Order(StringComparer.Ordinal), Rows("## npm, shipped in the console"));
    }

    /// <summary>The servers that are only classified and called are listed in their own file.</summary>
    [Fact]
    public void Page_lists_every_npm_package_and_tool_of_tests_and_builds_with_its_version()
    {
        var shipped = Rows("## npm, shipped in the console").ToHashSet();
        var used = Repository.Files
            .Where(static path => path.EndsWith("/package.json", StringComparison.Ordinal)
                && (path.StartsWith("tests/", StringComparison.Ordinal)
                    || path.StartsWith("load-tests/", StringComparison.Ordinal)
                    || path.StartsWith("tools/", StringComparison.Ordinal))
                && path != "tests/interop/servers/package.json")
            .SelectMany(static path => Named(path, "dependencies").Concat(Named(path, "devDependencies")))
            .Select(static one => $"{one.Name} {one.Value.GetString()!.Split('@')[^1]}")
            .Concat(Named(".config/dotnet-tools.json", "tools")
                .Select(static one => $"{one.Name} {one.Value.GetProperty("version").GetString()}"));

        Assert.Equal(
            used.Distinct().Except(shipped).Order(StringComparer.Ordinal),
            Rows("## npm and tools, tests and builds only"));
    }

    [Fact]
    public void Rows_have_no_empty_cell()
    {
        var rows = Repository.Read(Page).Split('\n').Where(static line => line.StartsWith('|')).ToList();

        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, static row => row.Trim('|').Split('|').Any(string.IsNullOrWhiteSpace));
    }

    private static IEnumerable<(string Name, string? Value)> Items(string path, string item, string attribute) =>
        XDocument.Parse(Repository.Read(path)).Descendants()
            .Where(element => element.Name.LocalName == item)
            .Select(element => (element.Attribute("Include")!.Value, element.Attribute(attribute)?.Value));

    private static IEnumerable<JsonProperty> Named(string path, string member) =>
        JsonDocument.Parse(Repository.Read(path)).RootElement.TryGetProperty(member, out var named)
            ? named.EnumerateObject()
            : [];

    /// <summary>The first two cells of the rows of a section.</summary>
    private static IEnumerable<string> Rows(string heading)
    {
        var text = Repository.Read(Page);
        var start = text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Page} has no section {heading}");
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return text[start..(end < 0 ? text.Length : end)].Split('\n')
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| package |", StringComparison.Ordinal))
            .Select(static line => line.Split(" | "))
            .Select(static cells => $"{cells[0][2..]} {cells[1]}")
            .Order(StringComparer.Ordinal);
    }
}
