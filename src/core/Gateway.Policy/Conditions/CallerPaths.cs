using System.Buffers;
using System.Collections.Immutable;

namespace Gateway.Policy.Conditions;

/// <summary>The paths that begin at the caller, and what may follow.</summary>
internal static class CallerPaths
{
    public const string Root = "caller";
    public const string Claims = "claims";
    public const string Headers = "headers";

    private const string Known =
        "\"caller.issuer\", \"caller.subject\", \"caller.client\", \"caller.act.subject\", a claim such as "
        + "\"caller.claims.groups\", or a header of a trusted proxy such as \"caller.headers.x-team\"";

    // The visible characters that are not part of a header's name (RFC 9110, 5.6.2).
    private static readonly SearchValues<char> NameEnds = SearchValues.Create("\"(),/:;<=>?@[\\]{}");

    // Headers that contain credentials, in whole or as a part of their name.
    private static readonly string[] Secret =
        ["authorization", "cookie", "token", "secret", "password", "credential", "assertion", "jwt", "apikey", "dpop"];

    /// <summary>Returns true if the path reads a claim of the caller's token.</summary>
    public static bool IsOfClaims(ArgumentPath path) => path.IsOfCaller && path.Steps[0].Key == Claims;

    /// <summary>Returns why these steps name nothing that a caller has; null if they do.</summary>
    public static string? ProblemOf(ImmutableArray<PathStep> steps) => steps switch
    {
        [{ Key: "issuer" or "subject" or "client" }] => null,
        [{ Key: "act" }, { Key: "subject" }] => null,
        [{ Key: Claims }, { Key: not null }, ..] => null,
        [{ Key: Headers }, { Key: { } name }] => ProblemOfHeader(name),
        _ => $"this names nothing that a caller has: write {Known}",
    };

    /// <summary>Returns true if the path reads a header that a trusted proxy sends.</summary>
    public static bool IsOfHeaders(ArgumentPath path) => path.IsOfCaller && path.Steps[0].Key == Headers;

    /// <summary>Returns true if no policy can read this header, because it may contain a credential.</summary>
    public static bool IsSecret(string header)
    {
        var name = header.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return header.Equals("mcp-session-id", StringComparison.OrdinalIgnoreCase)
            || Secret.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    private static string? ProblemOfHeader(string name) =>
        name.Length == 0 || name.AsSpan().ContainsAny(NameEnds) || name.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? "this is not the name of a header: write one such as \"caller.headers.x-team\""
        : IsSecret(name) ? $"the header {name} may contain a credential, which no policy can read"
        : null;
}
