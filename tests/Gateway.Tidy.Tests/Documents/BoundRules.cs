namespace Gateway.Tidy.Tests.Documents;

/// <summary>What the options of the code are by default, as docs/reference/bounds.md lists them.</summary>
internal static partial class BoundRules
{
    public const string Page = "docs/reference/bounds.md";

    private const string Head = """
        # Bounds in the code

        Defaults and ranges of every `…Options` or `…Settings` type in `src`; the code has the meaning of each.
        `GATEWAY_UPDATE=1 dotnet test tests/Gateway.Tidy.Tests` writes this page. `docs/reference/configuration.md`
        lists what an operator can set. An option out of its range ends the start with a message that names it.

        | option | default | range |
        |---|---|---|

        """;

    public static string Write(IEnumerable<SourceFile> sources) =>
        Head + string.Concat(Of(sources).Order(StringComparer.Ordinal).Select(row => row + "\n"));

    /// <summary>Numbers and lengths of time of options that say no range.</summary>
    public static IEnumerable<Offence> WithoutRange(IEnumerable<SourceFile> sources) =>
        from file in sources
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type.Identifier.Text.EndsWith("Options", StringComparison.Ordinal)
            && type.BaseList?.Types.Any(one => one.ToString() == "HostSettings") != true
        from property in type.Members.OfType<PropertyDeclarationSyntax>()
        where property.Type.ToString().TrimEnd('?') is "int" or "long" or "double" or "TimeSpan"
            && RangeOf(property) is null
        select new Offence(file.Path, 0, $"{property.Identifier.Text} has no [Range]");

    /// <summary>Types with ranges that no generated validator reads, by itself or as a member of another.</summary>
    public static IEnumerable<Offence> WithoutValidator(IEnumerable<SourceFile> sources)
    {
        var files = sources.ToArray();
        var validated = files.SelectMany(file => Validated().Matches(file.Text))
            .Select(match => match.Groups.Values.Skip(1).Single(group => group.Success).Value).ToHashSet();
        return from file in files
               from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
               where type.Members.OfType<PropertyDeclarationSyntax>().Any(property => RangeOf(property) is not null)
               let name = type.Identifier.Text
               where !validated.Contains(name)
               select new Offence(file.Path, 0, $"{name} has ranges that nothing checks");
    }

    /// <summary>Name, default and range of every row.</summary>
    public static IEnumerable<string> Rows(string page) =>
        page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => Names().Match(line).Value);

    private static IEnumerable<string> Of(IEnumerable<SourceFile> sources) =>
        from file in sources
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where Suffix().IsMatch(type.Identifier.Text)
        from property in type.Members.OfType<PropertyDeclarationSyntax>()
        let range = RangeOf(property)
        where property.Initializer is not null || range is not null
        let name = $"{type.Identifier.Text}.{property.Identifier.Text}"
        let value = Cell(property.Initializer?.Value.ToString() ?? "default")
        select $"| `{name}` | `{value}` | {Cell(range ?? "")} |";

    private static string? RangeOf(PropertyDeclarationSyntax property) => property.AttributeLists
        .SelectMany(list => list.Attributes).FirstOrDefault(one => one.Name.ToString() == "Range") is { } range
            ? string.Join(" to ", range.ArgumentList!.Arguments.TakeLast(2).Select(one => one.ToString().Trim('"')))
            : null;

    private static string Cell(string text) =>
        Blank().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `[^`]+` \| `[^`]*` \|[^|]*\|")]
    private static partial Regex Names();

    [GeneratedRegex(@"IValidateOptions<(\w+)>|\[ValidateObjectMembers\]\s+public (\w+)"
        + @"|\[ValidateEnumeratedItems\]\s+public \w+<(\w+)>")]
    private static partial Regex Validated();

    [GeneratedRegex("(Options|Settings)$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
