namespace Gateway.Tidy.Tests.Documents;

/// <summary>
/// The numbers of a place of the sources: <c>Type.Member</c> or <c>Type</c>, an option (<c>--name</c>), or a file.
/// Times are in seconds.
/// </summary>
internal sealed partial class SourceValues(IEnumerable<SourceFile> sources)
{
    private readonly Dictionary<string, IReadOnlySet<double>?> _known = [];

    private readonly ILookup<string, MemberDeclarationSyntax> _types = sources
        .SelectMany(static file => file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        .ToLookup(static type => type.Identifier.Text, static type => (MemberDeclarationSyntax)type);

    private readonly Lazy<ILookup<string, SyntaxNode>> _options = new(() => sources
        .Where(static file => file.Text.Contains("\"--", StringComparison.Ordinal))
        .SelectMany(static file => file.Syntax.DescendantNodes().OfType<LiteralExpressionSyntax>())
        .Where(static literal => literal.Token.ValueText.StartsWith("--", StringComparison.Ordinal))
        .ToLookup(
            static literal => literal.Token.ValueText,
            static literal => (SyntaxNode)literal.FirstAncestorOrSelf<MemberDeclarationSyntax>()!));

    /// <summary>Null where there is no such place.</summary>
    public IReadOnlySet<double>? Of(string name) =>
        _known.TryGetValue(name, out var known) ? known : _known[name] = Find(name);

    private HashSet<double>? Find(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            return Repository.Exists(name) ? InText(Repository.Read(name)) : null;
        SyntaxNode[] nodes = name.StartsWith("--", StringComparison.Ordinal)
            ? [.. _options.Value[name]]
            : Members(name);
        if (nodes.Length == 0)
            return null;
        var values = new HashSet<double>();
        foreach (var node in nodes)
            Add(node, values);
        return values;
    }

    private SyntaxNode[] Members(string name)
    {
        var parts = name.Split('.');
        if (parts.Length == 1)
            return [.. _types[name]];
        return
        [
            .. _types[parts[0]].SelectMany(static type => type.ChildNodes()).Where(node => node switch
            {
                PropertyDeclarationSyntax property => property.Identifier.Text == parts[1],
                MethodDeclarationSyntax method => method.Identifier.Text == parts[1],
                EnumMemberDeclarationSyntax member => member.Identifier.Text == parts[1],
                FieldDeclarationSyntax field => field.Declaration.Variables.Any(one => one.Identifier.Text == parts[1]),
                _ => false,
            }),
        ];
    }

    private void Add(SyntaxNode node, HashSet<double> values)
    {
        foreach (var part in node.DescendantNodes(static one => Value(one) is null))
        {
            if (Value(part) is { } value)
                values.Add(Math.Round(value, 6));
            else if (part is LiteralExpressionSyntax { Token.Value: string text })
                AddText(text, values);
            else if (part is IdentifierNameSyntax constant)
                AddConstant(constant, values);
        }
    }

    private static void AddText(string text, HashSet<double> values)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span))
            values.Add(span.TotalSeconds);
        else
            values.UnionWith(InText(text));
    }

    // A constant of the same type, or one that is named with its type.
    private void AddConstant(IdentifierNameSyntax constant, HashSet<double> values)
    {
        var type = constant.Parent is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } access
            && access.Name == constant
                ? owner.Identifier.Text
                : constant.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.Text;
        var initializers = Members($"{type}.{constant.Identifier.Text}").OfType<FieldDeclarationSyntax>()
            .SelectMany(static field => field.Declaration.Variables)
            .Select(static one => one.Initializer?.Value).OfType<ExpressionSyntax>();
        foreach (var initializer in initializers)
        {
            if (Value(initializer) is { } value)
                values.Add(Math.Round(value, 6));
        }
    }

    private static double? Value(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax { Token.Value: not (string or char or bool) and IConvertible number } =>
            Convert.ToDouble(number, CultureInfo.InvariantCulture),
        ParenthesizedExpressionSyntax inner => Value(inner.Expression),
        BinaryExpressionSyntax binary when Value(binary.Left) is { } left && Value(binary.Right) is { } right =>
            binary.OperatorToken.Text switch
            {
                "*" => left * right,
                "+" => left + right,
                "-" => left - right,
                "/" => left / right,
                "<<" => left * Math.Pow(2, right),
                _ => null,
            },
        InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var amount }] } made
            when Value(amount) is { } count => made.Expression.ToString() switch
            {
                "TimeSpan.FromMilliseconds" => count / 1000,
                "TimeSpan.FromSeconds" => count,
                "TimeSpan.FromMinutes" => count * 60,
                "TimeSpan.FromHours" => count * 3600,
                "TimeSpan.FromDays" => count * 86_400,
                _ => null,
            },
        _ => null,
    };

    private static HashSet<double> InText(string text) =>
        [.. Number().Matches(text).Select(static match => double.Parse(
            Separator().Replace(match.Value, ""), CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"(?<![\w.])\d[\d,_]*(?:\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex("[,_]")]
    private static partial Regex Separator();
}
