namespace Gateway.Tidy.Tests.Documents;

/// <summary>Defaults and ranges of the code's options, as docs/reference/bounds.md lists them.</summary>
internal static partial class BoundRules
{
    public const string Page = "docs/reference/bounds.md";

    private const string Head = """
        # Bounds in the code

        Defaults and ranges of the `…Options` and `…Settings` types in `src`. `docs/reference/configuration.md` lists what an
        operator can set. An option out of its range ends the start with a message that names it.
        `GATEWAY_UPDATE=1 dotnet test tests/Gateway.Tidy.Tests` writes this page.


        """;

    public static string Write(IEnumerable<SourceFile> sources) =>
        Head + string.Concat(Of(sources).OrderBy(one => one.Type, StringComparer.Ordinal)
            .ThenBy(one => one.Bound, StringComparer.Ordinal).GroupBy(one => one.Type, one => one.Bound)
            .Select(type => $"- `{type.Key}`: {string.Join("; ", type)}\n"));

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

    /// <summary>The bounds of each type.</summary>
    public static IEnumerable<string> Rows(string page) =>
        page.Split('\n').Where(line => line.StartsWith("- `", StringComparison.Ordinal));

    private static IEnumerable<(string Type, string Bound)> Of(IEnumerable<SourceFile> sources) =>
        from file in sources
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where Suffix().IsMatch(type.Identifier.Text)
        from property in type.Members.OfType<PropertyDeclarationSyntax>()
        let range = RangeOf(property)
        where range is not null
        let value = property.Initializer is { } initializer ? $" `{Compact(initializer.Value.ToString())}`" : ""
        select (type.Identifier.Text, $"`{property.Identifier.Text}`{value} ({Compact(range)})");

    private static string? RangeOf(PropertyDeclarationSyntax property) => property.AttributeLists
        .SelectMany(list => list.Attributes).FirstOrDefault(one => one.Name.ToString() == "Range") is { } range
            ? string.Join("–", range.ArgumentList!.Arguments.TakeLast(2).Select(one => one.ToString().Trim('"')))
            : null;

    private static string Compact(string text) => Blank().Replace(text, "");

    [GeneratedRegex(@"IValidateOptions<(\w+)>|\[ValidateObjectMembers\]\s+public (\w+)"
        + @"|\[ValidateEnumeratedItems\]\s+public \w+<(\w+)>")]
    private static partial Regex Validated();

    [GeneratedRegex("(Options|Settings)$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
