namespace Gateway.Tidy.Tests.Documents;

public sealed class DocumentTests
{
    private static readonly string[] TextEndings =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".slnf", ".config", ".json", ".jsonc", ".md", ".yml", ".yaml",
            ".sh", ".ts", ".js", ".mjs", ".html", ".css", ".sql", ".npmrc", ".editorconfig", "run"];

    private static IEnumerable<(string Path, string Text)> Texts => Repository.Files
        .Where(path => TextEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
        .Select(path => (path, Repository.Read(path)));

    private static IEnumerable<(string Path, string Text)> Documents =>
        Texts.Where(text => DocumentRules.NamesPaths(text.Path));

    [Fact]
    public void Documents_stay_short() =>
        Offence.AssertNone(Texts.SelectMany(text => DocumentRules.Length(text.Path, text.Text)));

    [Fact]
    public void Paths_that_documents_name_exist() =>
        Offence.AssertNone(Documents.SelectMany(text => DocumentRules.Paths(text.Path, text.Text, Repository.Exists)));

    [Fact]
    public void Tests_that_documents_name_exist()
    {
        var tests = Repository.Sources.Where(file => file.IsTest)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file.Path), file => file.Text);
        Offence.AssertNone(Documents.SelectMany(text =>
            DocumentRules.TestNames(text.Path, text.Text, name => string.Concat(tests[name]))));
    }

    [Theory]
    [InlineData("`OneTests.Holds_this`", 0)]
    [InlineData("`OneTests.Holds_that`", 1)]
    [InlineData("`TwoTests.Holds_this`", 1)]
    [InlineData("`OneTests.cs`", 0)]
    public void Catches_a_test_that_is_not_there(string text, int offences) => Assert.Equal(
        offences,
        DocumentRules.TestNames("A.md", text, name => name == "OneTests" ? "void Holds_this() { }" : "").Count());

    [Fact]
    public void No_package_source_is_named() =>
        Offence.AssertNone(Texts.SelectMany(text => DocumentRules.RegistryNames(text.Path, text.Text)));

    [Fact]
    public void No_machine_path_is_named() =>
        Offence.AssertNone(Texts.SelectMany(text => DocumentRules.MachinePaths(text.Path, text.Text)));

    [Fact]
    public void Catches_a_document_of_101_lines()
    {
        Assert.Empty(DocumentRules.Length("README.md", new string('\n', 99) + "end\n"));
        Assert.Single(DocumentRules.Length("README.md", new string('\n', 100) + "end\n"));
        Assert.Empty(DocumentRules.Length("docs/long.md", new string('\n', 150) + "end\n"));
    }

    [Theory]
    [InlineData("See [the plan](PLAN.txt).")]
    [InlineData("The engine is `src/Gateway.Planted/`.")]
    [InlineData("Read tests/Gateway.Planted.Tests/First.cs first.")]
    [InlineData("    dotnet run --project src/Planted -- demo")]
    [InlineData("See `PLANTED.md`.")]
    public void Catches_a_path_that_is_not_there(string text) =>
        Assert.Single(DocumentRules.Paths("README.md", text, _ => false));

    [Theory]
    [InlineData("See [the site](https://example.com/src/a) and [below](#below).")]
    [InlineData("Point it at `/mcp/{server}` or http://localhost/docs/index.html.")]
    [InlineData("Every `src/*/*.csproj` and `src/Gateway.{Name}/`.")]
    public void Leaves_addresses_and_patterns_alone(string text) =>
        Assert.Empty(DocumentRules.Paths("README.md", text, _ => false));

    [Fact]
    public void Looks_for_a_link_beside_the_document_that_holds_it() =>
        Assert.Empty(DocumentRules.Paths("docs/a.md", "[b](b.md)", path => path == "docs/b.md"));

    [Theory]
    [InlineData("NuGet.config", "<packageSources><clear /></packageSources>")]
    [InlineData("tests/planted/package-lock.json", "\"resolved\": \"https://registry.example.com/a.tgz\"")]
    [InlineData("src/Planted/packages.lock.json", "https://registry.example.com")]
    public void Catches_a_named_registry(string path, string text) =>
        Assert.Single(DocumentRules.RegistryNames(path, text));

    [Theory]
    [InlineData("cd /" + "work/main")]
    [InlineData("cd /" + "tmp/someone/clone")]
    [InlineData("cd /" + "home/someone/clone")]
    [InlineData("cd C:" + "\\Users\\someone")]
    public void Catches_a_path_of_one_machine(string text) => Assert.Single(DocumentRules.MachinePaths("a.cs", text));
}
