namespace Gateway.Tidy.Tests.Code;

/// <summary>A limit's kind is asked to do something; nobody but its folder asks which one it is.</summary>
public sealed class WindowKindTests
{
    private const string Home = "src/core/Gateway.Limits/Windows";

    [Fact]
    public void Nothing_outside_its_folder_asks_which_kind_a_limit_is() =>
        Offence.AssertNone(Repository.Sources
            .Where(file => Repository.IsUnder(file.Path, "src") && !Repository.IsUnder(file.Path, Home))
            .SelectMany(Check));

    [Theory]
    [InlineData("var a = key.Kind == WindowKind.Sliding;")]
    [InlineData("var a = WindowKind.Fixed != part.Key.Kind;")]
    [InlineData("var a = key.Kind.Equals(WindowKind.Sliding);")]
    [InlineData("var a = ReferenceEquals(key.Kind, WindowKind.Sliding);")]
    [InlineData("var a = key.Kind.Name == \"sliding\";")]
    [InlineData("var a = key.Kind is { Name: \"fixed\" };")]
    [InlineData("var a = key.Kind.Name switch { \"fixed\" => 1, _ => 2 };")]
    [InlineData("var a = key.Kind is SlidingWindowKind;")]
    public void Catches_a_question_for_the_kind(string code) => Assert.NotEmpty(Check(InSource(code)));

    [Theory]
    [InlineData("var a = new CounterKey(scope, id, counter, WindowKind.Fixed, window);")]
    [InlineData("var a = key.Kind.Explain(key, cost, max, remaining, resetAtMs);")]
    [InlineData("var a = WindowKind.Find(name) ?? WindowKind.Fixed;")]
    [InlineData("var a = value.Kind == JsonKind.String;")]
    public void Leaves_the_use_of_a_kind_alone(string code) => Assert.Empty(Check(InSource(code)));

    private static IEnumerable<Offence> Check(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node switch
        {
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "WindowKind" } } named =>
                IsCompared(named),
            // The choices that a contract declares are written in its attribute.
            LiteralExpressionSyntax { Token.ValueText: "fixed" or "sliding" or "bucket" or "calendar" } =>
                node.FirstAncestorOrSelf<AttributeSyntax>() is null,
            IdentifierNameSyntax
            {
                Identifier.Text: "FixedWindowKind" or "SlidingWindowKind" or "BucketKind" or "CalendarKind"
            } => true,
            _ => false,
        }
        select file.Offence(node, "a limit's kind is not compared: what differs is a member of IWindowKind");

    private static bool IsCompared(MemberAccessExpressionSyntax named) =>
        named.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression }
            or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression }
        || named.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
            && call.Expression.ToString() is var called
            && (called.EndsWith("Equals", StringComparison.Ordinal));

    private static SourceFile InSource(string code) => new("src/Gateway.Planted/Planted.cs", code);
}
