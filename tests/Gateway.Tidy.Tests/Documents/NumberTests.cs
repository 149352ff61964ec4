namespace Gateway.Tidy.Tests.Documents;

/// <summary>Numbers of the pages for users, against the sources.</summary>
public sealed class NumberTests
{
    private static IEnumerable<string> Pages => Repository.Files.Where(static path =>
        (Repository.IsUnder(path, "docs/tutorials") || Repository.IsUnder(path, "docs/how-to")
            || path == "docs/reference/configuration.md") && path.EndsWith(".md", StringComparison.Ordinal));

    private static readonly SourceValues Values =
        new(Repository.Sources.Where(static file => Repository.IsUnder(file.Path, "src")));

    [Fact]
    public void Numbers_of_the_pages_are_those_of_the_code() => Offence.AssertNone(Pages.SelectMany(
        static page => NumberRules.Offences(page, Repository.Read(page), Values.Of)));

    [Theory]
    [InlineData("It waits 10 s.", 1)]
    [InlineData("It waits 10 s. <!-- check: A.Wait -->", 0)]
    [InlineData("It waits 11 s. <!-- check: A.Wait -->", 1)]
    [InlineData("It waits 10,000 ms. <!-- check: A.Wait -->", 0)]
    [InlineData("It waits 10 s. <!-- check: A.None -->", 2)]
    [InlineData("<!-- check: A.Wait -->\n| a | 10 s |\n| b | 12 s |", 1)]
    [InlineData("- One waits 10 s. <!-- check: A.Wait -->\n- Two waits 10 s.", 1)]
    [InlineData("Envoy waits 20 ms. <!-- given: Envoy's default -->", 0)]
    [InlineData("RFC 9457, 2026-07-28, HTTP 503, exit code 2, `12`, TLS 1.3, SHA-256", 0)]
    [InlineData("## A\nAt most 12.\n```json\n{ \"max\": 12 }\n```", 0)]
    [InlineData("At most 64 KiB. <!-- check: A.Bytes -->", 0)]
    public void Number_without_its_place_in_the_code_is_an_offence(string text, int count)
    {
        const string Source = """
            class A { static readonly TimeSpan Wait = TimeSpan.FromSeconds(10); const int Bytes = 64 * 1024; }
            """;
        var values = new SourceValues([new SourceFile("src/A.cs", Source)]);

        Assert.Equal(count, NumberRules.Offences("docs/how-to/planted.md", text, values.Of).Count());
    }
}
