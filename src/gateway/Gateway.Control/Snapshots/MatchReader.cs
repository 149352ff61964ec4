using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Gateway.Control.Contracts;
using Gateway.Policy.Expressions;
using Gateway.Policy.Text;

namespace Gateway.Control.Snapshots;

/// <summary>A reader of the conditions under which a token of an issuer selects a grant.</summary>
/// <param name="issuers">The claims with free text of each issuer, by its name; null to accept any issuer.</param>
/// <param name="problem">Receives a JSON Pointer below the grant, and the problem there.</param>
public sealed class MatchReader(
    IReadOnlyDictionary<string, IReadOnlyList<string>>? issuers, Action<string, string> problem)
{
    private const string Place = "/match";
    private const int ClaimsMax = 16;
    private const int PathLengthMax = 512;
    private static readonly string[] Members = ["issuer", "claims"];
    private static readonly string[] ClaimMembers = ["path", "op", "value"];

    /// <summary>Returns the conditions; null if they are absent or invalid.</summary>
    public GrantMatch? Read(GrantSpec grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (grant.Match is not { } match)
        {
            if (grant.Order is not null)
                problem("/order", "\"order\" goes with \"match\"");
            return null;
        }

        if (!IsObject(match, Place, Members))
            return null;
        var issuer = Text(match, "issuer");
        if (issuer is null)
            problem(Place, "\"match\" needs \"issuer\", a name under \"identity\"");
        else if (issuers?.ContainsKey(issuer) == false)
        {
            problem($"{Place}/issuer", $"there is no issuer \"{Spelling.Shorten(issuer)}\"; correct the name, or add "
                + $"it under \"identity\"{Spelling.Suggest(issuer, issuers.Keys)}");
        }

        var claims = Claims(match, issuer);
        return issuer is null ? null : new GrantMatch(issuer, grant.Order ?? 0, claims);
    }

    private ImmutableArray<ClaimCondition> Claims(JsonElement match, string? issuer)
    {
        if (!match.TryGetProperty("claims", out var claims))
            return [];
        if (claims.ValueKind != JsonValueKind.Array || claims.GetArrayLength() > ClaimsMax)
        {
            problem($"{Place}/claims", $"this must be an array of at most {ClaimsMax} conditions");
            return [];
        }

        return [.. claims.EnumerateArray().Select((one, at) => Claim(one, $"{Place}/claims/{at}", issuer))
            .OfType<ClaimCondition>()];
    }

    private ClaimCondition? Claim(JsonElement claim, string place, string? issuer)
    {
        if (!IsObject(claim, place, ClaimMembers))
            return null;
        var (path, op) = (Text(claim, "path"), Text(claim, "op"));
        if (path is not { Length: > 0 and <= PathLengthMax } || path == "/")
        {
            problem($"{place}/path", "\"path\" must be the name of a claim, or a JSON Pointer such as "
                + "/realm_access/roles");
            return null;
        }

        if (op is null || !(ClaimCondition.Exact.Contains(op) || ClaimCondition.Searching.Contains(op)))
        {
            var known = ClaimCondition.Exact.AddRange(ClaimCondition.Searching);
            problem($"{place}/op", $"\"op\" must be one of {string.Join(", ", known)}"
                + (op is null ? "" : Spelling.Suggest(op, known)));
            return null;
        }

        if (ClaimCondition.Searching.Contains(op)
            && issuers?.GetValueOrDefault(issuer ?? "")?.Contains(ClaimCondition.ClaimOf(path)) != true)
        {
            problem($"{place}/op", $"\"{op}\" finds a part of a text: \"not-agents\" contains \"agents\". Use \"has\" "
                + $"or \"eq\", or list \"{ClaimCondition.ClaimOf(path)}\" in the issuer's \"freeText\"");
        }

        var value = claim.TryGetProperty("value", out var given) ? given : default;
        if (Wanted(op, value) is not { } wanted)
            return new ClaimCondition(path, op, value.Clone());
        problem($"{place}/value", $"\"{op}\" needs {wanted} as its \"value\"");
        return null;
    }

    /// <summary>Returns the kind of value that the operator needs; null if the value has it.</summary>
    private static string? Wanted(string op, JsonElement value) => op switch
    {
        "exists" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "true or false",
        "in" or "not_in" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? null : "an array of at least one value",
        "eq" or "neq" or "has" => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)
            ? null : "a value",
        "matches" => value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } pattern
            ? "a regular expression"
            : ClaimPattern.Compile(pattern, out var problem) is null ? $"a valid regular expression ({problem})" : null,
        "contains" or "starts_with" or "ends_with" =>
            value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0 ? null : "a text",
        _ => throw new UnreachableException(op),
    };

    private bool IsObject(JsonElement value, string place, string[] members)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            problem(place, "this must be an object");
            return false;
        }

        foreach (var name in value.EnumerateObject().Select(static member => member.Name).Except(members))
        {
            problem(place, $"there is no member \"{Spelling.Shorten(name)}\" here; the members are "
                + $"{string.Join(", ", members)}{Spelling.Suggest(name, members)}");
        }

        return true;
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
