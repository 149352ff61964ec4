namespace Gateway.Tidy.Tests.Architecture;

/// <summary>What a constructor may take, where MCP's method names stand and what the core may not touch.</summary>
internal static partial class CodeRules
{
    public const int ParametersMax = 7;

    private static readonly string[] OuterWorld =
    [
        "File", "FileInfo", "FileStream", "Directory", "DirectoryInfo", "Socket", "TcpClient", "TcpListener", "Dns",
        "HttpClient", "Process", "Stopwatch", "PeriodicTimer", "Timer",
    ];

    private static readonly string[] OuterNamespaces =
        ["System.Net.Http", "System.IO.Pipes", "Microsoft.Extensions", "Microsoft.AspNetCore"];

    private static readonly string[] Clocks =
        ["TimeProvider.System", "Environment.TickCount", "Environment.TickCount64"];

    /// <summary>
    /// Types whose constructor takes more. A positional record is none of them: its parameters are its members.
    /// </summary>
    public static IEnumerable<Offence> WideConstructors(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        let found = node switch
        {
            ConstructorDeclarationSyntax made => (made.Identifier.Text, made.ParameterList),
            ClassDeclarationSyntax made => (made.Identifier.Text, made.ParameterList),
            StructDeclarationSyntax made => (made.Identifier.Text, made.ParameterList),
            _ => ("", null),
        }
        where found.ParameterList?.Parameters.Count > ParametersMax
        select file.Offence(node, $"{found.Item1} takes more than {ParametersMax}; give it what belongs together");

    /// <summary>Strings that are a method's name of MCP.</summary>
    public static IEnumerable<Offence> MethodNames(SourceFile file) =>
        from literal in file.Syntax.DescendantNodes().OfType<LiteralExpressionSyntax>()
        where literal.Token.Value is string text && Method().IsMatch(text)
        select file.Offence(literal, $"{literal.Token.ValueText} is named by the table of methods alone");

    /// <summary>Files, sockets and clocks, and frameworks beside the language's own.</summary>
    /// <param name="file">A file of the core.</param>
    /// <param name="allowed">Namespaces that it may use all the same.</param>
    public static IEnumerable<Offence> OuterWorldOf(SourceFile file, params string[] allowed) =>
    [
        .. from node in file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>()
           let name = node.NamespaceOrType.ToString()
           where !allowed.Contains(name) && OuterNamespaces.Any(outer => IsIn(name, outer))
           select file.Offence(node, $"the core does not use {name}"),
        .. from node in file.Syntax.DescendantNodes().OfType<IdentifierNameSyntax>()
           where OuterWorld.Contains(node.Identifier.Text)
               && (node.Parent is MemberAccessExpressionSyntax access
                   ? access.Expression == node
                   : node.Parent is BaseObjectCreationExpressionSyntax or VariableDeclarationSyntax or ParameterSyntax)
           select file.Offence(node, $"the core does not use {node.Identifier.Text}"),
        .. from node in file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
           where Clocks.Contains(node.ToString())
           select file.Offence(node, $"the core is told the time; it does not ask {node}"),
    ];

    /// <summary>Usings of a namespace, and names in it that are written in full.</summary>
    public static IEnumerable<Offence> NamesOf(SourceFile file, string space) =>
        from node in file.Syntax.DescendantNodes()
        let name = node switch
        {
            UsingDirectiveSyntax directive => directive.NamespaceOrType.ToString(),
            QualifiedNameSyntax qualified => qualified.ToString(),
            MemberAccessExpressionSyntax access => access.ToString(),
            _ => "",
        }
        where IsIn(name, space) && node.Parent is not NameSyntax
        select file.Offence(node, $"names {name}; a build can do without {space}");

    private static bool IsIn(string name, string space) =>
        name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    [GeneratedRegex("^(initialize|server/discover|(tools|prompts|resources|tasks|completion|logging|roots|sampling|"
        + "elicitation|subscriptions|notifications)/[a-z_]+(/[a-z_]+)*|logging/setLevel|sampling/createMessage)$")]
    private static partial Regex Method();
}
