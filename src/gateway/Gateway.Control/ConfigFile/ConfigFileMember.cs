using System.Collections.Immutable;
using Gateway.Policy.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>A value in the configuration file, with its position.</summary>
/// <param name="Pointer">The JSON Pointer in the file, RFC 6901.</param>
/// <param name="Line">The line, starting at 1.</param>
/// <param name="Value">
/// The value as written, at most 200 characters: <c>${NAME}</c> is not replaced. A value that may be a secret is
/// reduced to the variables that it names.
/// </param>
public sealed record ConfigFileMember(string Pointer, int Line, string Value)
{
    /// <summary>The maximum number of members that are shown.</summary>
    public const int CountMax = 1000;

    private const int ValueMax = 200;

    // These are secret at any depth. An argument of a command may be a key too.
    private static readonly HashSet<string> Secrets =
    [
        "key", "token", "tokenHash", "secret", "clientSecret", "privateKey", "secretAccessKey", "sessionToken",
        "headers", "env", "args",
    ];

    // These are documents of their own; the pages of policies, lists and budgets show them.
    private static readonly HashSet<string> Documents = ["policies", "lists", "budgets"];

    /// <summary>Returns the members of a valid file, in its order.</summary>
    internal static ImmutableArray<ConfigFileMember> Of(JsonNode root, LineMap lines) =>
    [
        .. root.Members
            .SelectMany(member => Of(
                member.Value, JsonPointer.Append(JsonPointer.Root, member.Name), Secrets.Contains(member.Name),
                Documents.Contains(member.Name) ? 1 : int.MaxValue))
            .Take(CountMax)
            .Select(found => new ConfigFileMember(
                found.Pointer, lines.At(found.Node.Offset).Line, Written(found.Node, found.IsSecret))),
    ];

    // The depth is the number of levels of objects to expand; a deeper object is one document.
    private static IEnumerable<(string Pointer, JsonNode Node, bool IsSecret)> Of(
        JsonNode node, string pointer, bool isSecret, int depth)
    {
        if (node.Kind != JsonKind.Object || node.Members.IsEmpty || depth == 0)
            return [(pointer, node, isSecret)];
        return node.Members.SelectMany(member => Of(
            member.Value, JsonPointer.Append(pointer, member.Name), isSecret || Secrets.Contains(member.Name),
            member.Name is "virtualTools" or "virtual_tools" ? 0 : depth - 1));
    }

    private static string Written(JsonNode node, bool isSecret)
    {
        var texts = node.Kind == JsonKind.Array ? node.Items : [node];
        if (isSecret)
        {
            var names = texts.SelectMany(static one => EnvironmentReferences.In(one.Text)).ToList();
            return names.Count == 0 ? "(not shown)" : Cut(string.Join(' ', names));
        }

        return Cut(string.Join(", ", texts.Select(Written)));
    }

    private static string Written(JsonNode node) => node.Kind switch
    {
        JsonKind.Object => node.Find("file") is { Kind: JsonKind.String } file && node.Members.Length == 1
            ? $"the file {file.Text}"
            : "(a document)",
        JsonKind.Array => "(a list)",
        JsonKind.String => WithoutCredentials(node.Text),
        JsonKind.Number => node.Text,
        var literal => literal.ToString().ToLowerInvariant(),
    };

    /// <summary>
    /// Returns an address without its user information and query, because either may hold a credential.
    /// </summary>
    private static string WithoutCredentials(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return text;
        var path = text.IndexOf('/', scheme + 3);
        var at = text.AsSpan(0, path < 0 ? text.Length : path).LastIndexOf('@');
        var open = at < 0 ? text : $"{text[..(scheme + 3)]}…{text[at..]}";
        var query = open.IndexOf('?');
        return query < 0 ? open : open[..(query + 1)] + "…";
    }

    private static string Cut(string text) => text.Length <= ValueMax ? text : text[..(ValueMax - 1)] + "…";
}
