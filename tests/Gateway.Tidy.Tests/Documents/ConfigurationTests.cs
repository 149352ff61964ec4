namespace Gateway.Tidy.Tests.Documents;

/// <summary>Whatever an operator can set is in the pages about it, and nothing else is.</summary>
public sealed partial class ConfigurationTests
{
    private const string Page = "docs/reference/configuration.md";

    private static IEnumerable<SourceFile> Sources =>
        Repository.Sources.Where(file => Repository.IsUnder(file.Path, "src"));

    [Fact]
    public void Every_variable_of_the_environment_is_in_the_page_and_the_other_way_round() =>
        Assert.Equal(
            Sources.SelectMany(file => Names(Variable().Matches(file.Text)).Concat(Settings(file)))
                .Distinct().Order(StringComparer.Ordinal),
            Names(Named().Matches(Repository.Read(Page))));

    [Fact]
    public void Every_option_of_the_cluster_is_in_its_table()
    {
        var section = Section("## gateway-cluster");
        // The demo tells the processes that it starts options of any gateway.
        var options = Sources.Where(file => Repository.IsUnder(file.Path, "src/hosts/Gateway.Cluster")
                && !Repository.IsUnder(file.Path, "src/hosts/Gateway.Cluster/Demo"))
            .SelectMany(file => Option().Matches(file.Text)).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Contains($"| `{option}` |", section, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_member_of_the_configuration_file_is_in_its_reference_and_the_other_way_round() =>
        Assert.Equal(
            Names(Sources.Where(file => file.Path.Contains("/ConfigFile/", StringComparison.Ordinal))
                .SelectMany(file => Member().Matches(file.Text)))
                .Union(Sources.SelectMany(Declared)).Order(StringComparer.Ordinal),
            Names(MemberRow().Matches(Repository.Read("docs/reference/gateway-json.md"))
                .Where(match => match.Groups[1].Value != "file")));

    /// <summary>The members that a contract declares; the file has no channels.</summary>
    private static IEnumerable<string> Declared(SourceFile file) =>
        file.Path.EndsWith("/ChannelSpec.cs", StringComparison.Ordinal)
        || file.Path.EndsWith("/ChannelInput.cs", StringComparison.Ordinal) ? [] :
        from property in file.Syntax.DescendantNodes().OfType<PropertyDeclarationSyntax>()
        let attributes = property.AttributeLists.SelectMany(list => list.Attributes)
            .ToLookup(attribute => attribute.Name.ToString())
        where attributes.Contains("Member")
        let name = attributes["JsonPropertyName"].FirstOrDefault()?.ArgumentList!.Arguments[0].ToString().Trim('"')
        select name ?? char.ToLowerInvariant(property.Identifier.Text[0]) + property.Identifier.Text[1..];

    [Fact]
    public void Bounds_of_the_code_are_what_their_page_says()
    {
        var now = BoundRules.Write(Sources);
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, BoundRules.Page), now);

        string[] code = [.. BoundRules.Rows(now)], page = [.. BoundRules.Rows(Repository.Read(BoundRules.Page))];
        Offence.AssertNone(code.Except(page).Concat(page.Except(code)).Select(row => new Offence(BoundRules.Page, 0,
            $"{row} is not the code's; GATEWAY_UPDATE=1 dotnet test tests/Gateway.Tidy.Tests writes the page")));
    }

    /// <summary>The variables that stand for options, which are called as these are.</summary>
    private static IEnumerable<string> Settings(SourceFile file) =>
        Setting().Matches(file.Text)
            .Where(match => !match.Groups[2].Value.Contains("variable:", StringComparison.Ordinal))
            .Select(match => "GATEWAY_" + match.Groups[1].Value.ToUpperInvariant().Replace('-', '_'));

    [Fact]
    public void Every_option_has_a_range_beside_its_default() => Offence.AssertNone(BoundRules.WithoutRange(Sources));

    [Fact]
    public void Every_range_is_checked_by_generated_code() => Offence.AssertNone(BoundRules.WithoutValidator(Sources));

    private static string Section(string heading)
    {
        var text = Repository.Read(Page);
        var start = text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, heading);
        var end = text.IndexOf("\n## ", start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static IEnumerable<string> Names(IEnumerable<Match> matches) =>
        matches.Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"""(GATEWAY_\w+)""")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?:Setting\.\w+| Port)\(\s*""--([a-z-]+)""([^;]*);", RegexOptions.Singleline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"\b(GATEWAY_\w+)")]
    private static partial Regex Named();

    [GeneratedRegex(@"""(--[a-z][a-z-]*)""")]
    private static partial Regex Option();

    [GeneratedRegex(
        @"(?:\.(?:Given|GivenText|GivenWhole|Optional)\(""|\bNames\(members, ""|\bObject\(\w+, "")(\w+)""[,)]")]
    private static partial Regex Member();

    [GeneratedRegex(@"^- `(?:[\w.*]+\.)?(\w+)` \(", RegexOptions.Multiline)]
    private static partial Regex MemberRow();
}
