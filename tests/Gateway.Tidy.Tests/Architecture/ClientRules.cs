namespace Gateway.Tidy.Tests.Architecture;

/// <summary>
/// The command line reads responses through the contracts of the admin API, so the compiler finds each verb that a
/// change of the API breaks. JSON that somebody else writes has no contract; those files are listed.
/// </summary>
internal static class ClientRules
{
    public const string Folder = "src/hosts/Gateway.Hosting/Commands";

    /// <summary>The files that read JSON by the names of members, by what they read.</summary>
    public static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["AdminClient"] = "the items of a page as the gateway sent them",
        ["ApplyDocuments"] = "the documents to apply",
        ["AuditText"] = "audit records, also those of kinds that only a later release knows",
        ["ConfigReload"] = "the configuration file",
        ["PolicyCases"] = "a file of cases",
        ["PolicyTest"] = "a file of cases",
        ["SavedContexts"] = "the file of contexts",
        ["ServerImport"] = "the configuration of an MCP client",
    };

    private static readonly string[] Getters = ["GetProperty", "TryGetProperty", "TryGetPropertyValue"];

    /// <summary>Returns each place that reads a member of JSON by its name.</summary>
    public static IEnumerable<Offence> ReadsByName(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node switch
        {
            ElementAccessExpressionSyntax access =>
                IsName(access.ArgumentList.Arguments) && !IsWritten(access) && !IsGroup(access),
            ElementBindingExpressionSyntax binding => IsName(binding.ArgumentList.Arguments),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call =>
                Getters.Contains(member.Name.Identifier.Text) && IsName(call.ArgumentList.Arguments),
            _ => false,
        }
        select file.Offence(node, "reads JSON by the name of a member; use the contract of Gateway.Admin");

    private static bool IsName(SeparatedSyntaxList<ArgumentSyntax> arguments) => arguments
        is [{ Expression: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } }, ..];

    private static bool IsWritten(ElementAccessExpressionSyntax access) =>
        access.Parent is AssignmentExpressionSyntax assignment && assignment.Left == access;

    private static bool IsGroup(ElementAccessExpressionSyntax access) => access.Expression
        is MemberAccessExpressionSyntax { Name.Identifier.Text: "Groups" };
}
