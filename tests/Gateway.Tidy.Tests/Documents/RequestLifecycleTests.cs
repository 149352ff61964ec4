namespace Gateway.Tidy.Tests.Documents;

/// <summary>A reader who follows the page finds what it names; paths are checked in every document.</summary>
public sealed partial class RequestLifecycleTests
{
    private const string Page = "docs/engineering/request-lifecycle.md";
    private const int LinesMax = 80;

    [Fact]
    public void The_page_stays_short() =>
        Assert.InRange(Repository.Read(Page).TrimEnd('\n').Split('\n').Length, 1, LinesMax);

    [Fact]
    public void Types_and_members_that_the_page_names_exist()
    {
        var members = Repository.Sources.Where(file => Repository.IsUnder(file.Path, "src"))
            .SelectMany(file => file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            .ToLookup(type => type.Identifier.Text, MembersOf, StringComparer.Ordinal);
        var names = Name().Matches(Repository.Read(Page)).Select(match => match.Groups[1].Value.Split('.')).ToArray();

        Assert.True(names.Length > 30, $"{names.Length} names");
        Offence.AssertNone(
            from name in names
            where !members.Contains(name[0]) || (name.Length > 1 && !members[name[0]].Any(all => all.Contains(name[1])))
            select new Offence(Page, 0, $"names {string.Join('.', name)}, which is not there"));
    }

    private static HashSet<string> MembersOf(BaseTypeDeclarationSyntax type) =>
    [
        .. type.DescendantNodes().OfType<MethodDeclarationSyntax>().Select(one => one.Identifier.Text),
        .. type.DescendantNodes().OfType<PropertyDeclarationSyntax>().Select(one => one.Identifier.Text),
        .. type.DescendantNodes().OfType<EnumMemberDeclarationSyntax>().Select(one => one.Identifier.Text),
    ];

    [GeneratedRegex(@"`([A-Z]\w*(?:\.[A-Z]\w*)?)`")]
    private static partial Regex Name();
}
