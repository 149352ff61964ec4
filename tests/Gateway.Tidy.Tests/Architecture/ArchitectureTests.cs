using Gateway.Tidy.Tests.Projects;

namespace Gateway.Tidy.Tests.Architecture;

public sealed class ArchitectureTests
{
    /// <summary>The types of HTTP headers, which only reading and writing them may name.</summary>
    private static readonly string[] HeaderTypes = ["Microsoft.AspNetCore.Http", "Microsoft.Extensions.Primitives"];

    private const string Headers = "src/core/Gateway.Mcp/Headers";

    private static readonly SourceFile[] Sources =
        [.. Repository.Sources.Where(file => Repository.IsUnder(file.Path, "src"))];

    private static readonly ProjectFile[] Projects = [.. Repository.Files
        .Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(path => new ProjectFile(path, Repository.Read(path)))];

    [Fact]
    public void Arrows_between_folders_never_lead_back() => Offence.AssertNone(FolderRules.Cycles(Sources));

    [Fact]
    public void A_namespace_is_its_folder() => Offence.AssertNone(
        from file in Repository.Sources
        let root = RootOf(file.Path)
        from offence in FolderRules.Namespace(file.Path, root, DeclaredType.NamespaceOf(file))
        select offence);

    [Fact]
    public void A_name_means_one_type() => Offence.AssertNone(NameRules.DeclaredTwice(
        Sources.Where(static file => !IsListOfExtensions(file))));

    [Fact]
    public void Every_internal_type_has_a_use() => Offence.AssertNone(NameRules.Unused(Sources));

    [Fact]
    public void Only_tests_look_inside_a_project() => Offence.AssertNone(
        from project in Projects
        where Repository.IsUnder(project.Path, "src")
        from friend in project.Friends
        where !IsClient(project, friend)
        where !Projects.Any(test =>
            (test.Property("AssemblyName") ?? test.Name) == friend && !Repository.IsUnder(test.Path, "src"))
        select new Offence(project.Path, 0, $"shows its inside to {friend}, which is no test"));

    /// <summary>The command line is a client of the API and has the same contracts.</summary>
    private static bool IsClient(ProjectFile project, string friend) =>
        (project.Name, friend) == ("Gateway.Admin", "Gateway.Hosting");

    [Fact]
    public void The_command_line_reads_responses_by_their_contracts() => Offence.AssertNone(
        from file in Sources
        where Repository.IsUnder(file.Path, ClientRules.Folder)
            && !ClientRules.Allowed.ContainsKey(Path.GetFileNameWithoutExtension(file.Path))
        from offence in ClientRules.ReadsByName(file)
        select offence);

    [Fact]
    public void Every_file_that_may_read_members_by_name_does() => Offence.AssertNone(
        from allowed in ClientRules.Allowed
        where !Sources.Any(file => Repository.IsUnder(file.Path, ClientRules.Folder)
            && Path.GetFileNameWithoutExtension(file.Path) == allowed.Key && ClientRules.ReadsByName(file).Any())
        select new Offence(allowed.Key, 0, $"does not read {allowed.Value} by name; take it out of the list"));

    [Fact]
    public void Only_the_list_of_a_program_names_an_extension() => Offence.AssertNone(
        from project in Projects
        where Repository.IsUnder(project.Path, "src/extensions")
        from file in Sources
        where !IsListOfExtensions(file) && !Repository.IsUnder(file.Path, Path.GetDirectoryName(project.Path)!)
        from offence in CodeRules.NamesOf(file, project.Name)
        select offence);

    [Fact]
    public void A_constructor_takes_seven_parameters_at_most() => Offence.AssertNone(
        Sources.SelectMany(CodeRules.WideConstructors));

    [Fact]
    public void Method_names_of_MCP_stand_in_the_protocol_folder() => Offence.AssertNone(
        Sources.Where(file => !Repository.IsUnder(file.Path, "src/core/Gateway.Mcp/Protocol"))
            .SelectMany(CodeRules.MethodNames));

    [Fact]
    public void The_core_touches_no_file_socket_or_clock() => Offence.AssertNone(
        from file in Sources
        where Repository.IsUnder(file.Path, "src/core")
        from offence in CodeRules.OuterWorldOf(file, Repository.IsUnder(file.Path, Headers) ? HeaderTypes : [])
        select offence);

    [Fact]
    public void A_switch_over_kinds_names_each_of_them() => Offence.AssertNone(SwitchRules.ActingDefaults(Sources));

    [Fact]
    public void A_switch_over_texts_takes_no_unknown_text_for_a_known_one() =>
        Offence.AssertNone(SwitchRules.ActingTextDefaults(Sources));

    /// <summary>Each program has one, and the name is the same.</summary>
    private static bool IsListOfExtensions(SourceFile file) => Path.GetFileName(file.Path) == "Extensions.cs";

    private static string RootOf(string path) =>
        Projects.Select(project => Path.GetDirectoryName(project.Path)!).Where(root => Repository.IsUnder(path, root))
            .MaxBy(root => root.Length) ?? Path.GetDirectoryName(path)!;
}
