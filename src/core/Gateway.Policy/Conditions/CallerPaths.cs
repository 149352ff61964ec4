using System.Collections.Immutable;

namespace Gateway.Policy.Conditions;

/// <summary>The paths that begin at the caller, and what may follow.</summary>
internal static class CallerPaths
{
    public const string Root = "caller";
    public const string Claims = "claims";

    private const string Known =
        "\"caller.issuer\", \"caller.subject\", \"caller.client\", \"caller.act.subject\" or a claim such as "
        + "\"caller.claims.groups\"";

    /// <summary>Returns true if the path reads a claim of the caller's token.</summary>
    public static bool IsOfClaims(ArgumentPath path) => path.IsOfCaller && path.Steps[0].Key == Claims;

    /// <summary>Returns why these steps name nothing that a caller has; null if they do.</summary>
    public static string? ProblemOf(ImmutableArray<PathStep> steps) => steps switch
    {
        [{ Key: "issuer" or "subject" or "client" }] => null,
        [{ Key: "act" }, { Key: "subject" }] => null,
        [{ Key: Claims }, { Key: not null }, ..] => null,
        [{ Key: "headers" }, ..] => $"the headers of a request are no part of its caller: write {Known}",
        _ => $"this names nothing that a caller has: write {Known}",
    };
}
