namespace Gateway.Tidy.Tests.Projects;

public sealed class ProjectTests
{
    private static readonly ProjectFile[] Projects = Repository.Files
        .Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))
        .Where(path => Repository.IsUnder(path, "src") || Repository.IsUnder(path, "tests")
            || Repository.IsUnder(path, "load-tests") || Repository.IsUnder(path, "docs"))
        .Select(path => new ProjectFile(path, Repository.Read(path)))
        .ToArray();

    private static IEnumerable<ProjectFile> Sources =>
        Projects.Where(project => Repository.IsUnder(project.Path, "src"));

    [Fact]
    public void Arrows_point_only_where_the_design_allows() =>
        Offence.AssertNone(Sources.SelectMany(ProjectRules.ArrowsOf));

    [Fact]
    public void The_cores_use_no_other_packages() => Offence.AssertNone(Sources.SelectMany(ProjectRules.PackagesOf));

    [Fact]
    public void Executables_run_where_the_user_stands() =>
        Offence.AssertNone(Sources.SelectMany(ProjectRules.RunsElsewhere));

    [Fact]
    public void Trim_and_AOT_analyzers_are_on_but_where_Orleans_is() =>
        Offence.AssertNone(Sources.SelectMany(ProjectRules.WithoutAot));

    [Fact]
    public void The_solution_and_its_filter_hold_what_they_should() =>
        Offence.AssertNone(ProjectRules.Solutions(
            Projects.Select(project => project.Path), Repository.Read("Gateway.sln"), Repository.Read("Local.slnf")));

    [Fact]
    public void An_extension_can_be_deleted_with_its_tests()
    {
        var extensions = Sources.Select(static project => project.Path).Where(ProjectRules.IsExtension)
            .Select(Path.GetFileNameWithoutExtension).OfType<string>().ToList();

        Offence.AssertNone(extensions.SelectMany(extension => ProjectRules.NamedElsewhere(
            extension, Repository.Files.Where(static path => path.EndsWith(".cs", StringComparison.Ordinal))
                .Select(static path => (path, Repository.Read(path))))));
        Assert.InRange(extensions.Count, 4, int.MaxValue);
    }

    [Fact]
    public void Catches_an_extension_that_others_name() => Assert.Single(ProjectRules.NamedElsewhere(
        "Gateway.Planted",
        [
            ("tests/Gateway.Planted.Tests/A.cs", "using Gateway.Planted;"),
            ("src/hosts/A/Extensions.cs", "Gateway.Planted."),
            ("src/gateway/A/B.cs", "using Gateway.Planted.More;"),
        ]));

    [Theory]
    [InlineData("Gateway.Limits", "Gateway.Policy")]
    [InlineData("Gateway.Mcp", "Gateway.Policy")]
    [InlineData("Gateway.Server", "Gateway.Orleans")]
    [InlineData("Gateway.Planted", "Gateway.Limits")]
    public void Catches_an_arrow_that_is_not_allowed(string from, string to) =>
        Assert.Single(ProjectRules.ArrowsOf(Project(from, $"<ProjectReference Include=\"../{to}/{to}.csproj\" />")));

    [Fact]
    public void Catches_a_package_in_a_core() =>
        Assert.Single(ProjectRules.PackagesOf(Project("Gateway.Limits", "<PackageReference Include=\"Planted\" />")));

    [Fact]
    public void Catches_an_executable_that_runs_elsewhere() => Assert.Single(ProjectRules.RunsElsewhere(
        new ProjectFile("src/A/A.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />")));

    [Fact]
    public void Catches_a_project_without_AOT_analyzers() => Assert.Single(ProjectRules.WithoutAot(
        Project("Gateway.Server", "<IsAotCompatible>false</IsAotCompatible>")));

    [Fact]
    public void Catches_a_project_that_the_solution_or_the_filter_lacks()
    {
        string[] projects = ["src/A/A.csproj", "src/stores/Gateway.Orleans/Gateway.Orleans.csproj"];
        var solution = "\"src\\A\\A.csproj\" \"src\\stores\\Gateway.Orleans\\Gateway.Orleans.csproj\"";
        var local = """{ "solution": { "projects": [ "src\\A\\A.csproj" ] } }""";
        var both = """
            { "solution": { "projects": [ "src\\A\\A.csproj", "src\\stores\\Gateway.Orleans\\Gateway.Orleans.csproj" ] } }
            """;

        Assert.Empty(ProjectRules.Solutions(projects, solution, local));
        Assert.Single(ProjectRules.Solutions(projects, solution, both));
        Assert.Single(ProjectRules.Solutions(projects, "\"src\\A\\A.csproj\"", local));
        Assert.Equal(2, ProjectRules.Solutions([.. projects, "tests/B/B.csproj"], solution, local).Count());
    }

    private static ProjectFile Project(string name, string item) =>
        new($"src/{name}/{name}.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>");
}
