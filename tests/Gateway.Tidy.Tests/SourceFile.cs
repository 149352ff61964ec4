namespace Gateway.Tidy.Tests;

/// <summary>One C# file: its text and its syntax, parsed when first asked for.</summary>
internal sealed class SourceFile(string path, string text)
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.Parse);

    public string Path { get; } = path;

    public string Text { get; } = text;

    /// <summary>What a test may not do by itself stands once in what tests stand on, which is none.</summary>
    public bool IsTest =>
        Repository.IsUnder(Path, "tests") && !Repository.IsUnder(Path, "tests/Gateway.TestHarness");

    public SyntaxNode Syntax => field ??= CSharpSyntaxTree.ParseText(Text, Options).GetRoot();

    public Offence Offence(SyntaxNodeOrToken at, string message) => new(Path, LineOf(at.GetLocation()!), message);

    public Offence Offence(SyntaxTrivia at, string message) => new(Path, LineOf(at.GetLocation()), message);

    private static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;
}
