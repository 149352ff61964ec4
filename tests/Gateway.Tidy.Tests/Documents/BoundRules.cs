namespace Gateway.Tidy.Tests.Documents;

/// <summary>What the options of the code are by default, as docs/reference/bounds.md lists them.</summary>
internal static partial class BoundRules
{
    public const string Page = "docs/reference/bounds.md";

    private const string Head = """
        # Bounds in the code

        Every `…Options` or `…Settings` type of `src` with the values that it has where nothing else is said. This page is generated:
        `GATEWAY_UPDATE=1 dotnet test tests/Gateway.Tidy.Tests` writes it anew. What an operator can set is in
        `docs/use/configuration.md`.

        | option | default | meaning |
        |---|---|---|

        """;

    public static string Write(IEnumerable<SourceFile> sources) =>
        Head + string.Concat(Of(sources).Order(StringComparer.Ordinal).Select(row => row + "\n"));

    /// <summary>Name and default of every row; the meaning may be put better without anybody being told.</summary>
    public static IEnumerable<string> Rows(string page) =>
        page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => Names().Match(line).Value);

    private static IEnumerable<string> Of(IEnumerable<SourceFile> sources) =>
        from file in sources
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where Suffix().IsMatch(type.Identifier.Text)
        from property in type.Members.OfType<PropertyDeclarationSyntax>().Where(one => one.Initializer is not null)
        let value = Cell(property.Initializer!.Value.ToString())
        select $"| `{type.Identifier.Text}.{property.Identifier.Text}` | `{value}` | {Meaning(property)} |";

    private static string Meaning(PropertyDeclarationSyntax property)
    {
        var text = Summary().Match(property.GetLeadingTrivia().ToFullString()).Groups[1].Value;
        text = Reference().Replace(text.Replace("///", " ", StringComparison.Ordinal), "`$1`");
        return Cell(Tag().Replace(text, "`"));
    }

    private static string Cell(string text) =>
        Blank().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `[^`]+` \| `[^`]*` \|")]
    private static partial Regex Names();

    [GeneratedRegex("(Options|Settings)$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex("<summary>(.*?)</summary>", RegexOptions.Singleline)]
    private static partial Regex Summary();

    [GeneratedRegex("<(?:see|paramref) \\w+=\"([^\"]+)\"\\s*/>")]
    private static partial Regex Reference();

    [GeneratedRegex("</?c>")]
    private static partial Regex Tag();
}
