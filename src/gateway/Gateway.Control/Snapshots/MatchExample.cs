using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Finds claims that fulfill the conditions of two grants. Conditions on one claim are solved together, from the values
/// that they name, so an overlap of searching operators may be missed; every example is checked.
/// </summary>
public static class MatchExample
{
    private const string AnyText = "example";

    /// <summary>Returns claims with which a token selects both grants; null if none are found.</summary>
    public static JsonObject? Of(GrantMatch first, GrantMatch second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Issuer != second.Issuer)
            return null;
        var claims = new JsonObject();
        foreach (var path in first.Claims.AddRange(second.Claims)
            .GroupBy(static one => string.Join('/', one.Steps), StringComparer.Ordinal))
        {
            var conditions = path.ToImmutableArray();
            if (!Candidates(conditions).Any(value => TrySet(claims, conditions, value)))
                return null;
        }

        var example = Parsed(claims);
        return first.Holds(first.Issuer, example) && second.Holds(second.Issuer, example) ? claims : null;
    }

    /// <summary>Returns the values to try, null for an absent claim.</summary>
    private static IEnumerable<JsonNode?> Candidates(ImmutableArray<ClaimCondition> conditions)
    {
        var members = ValuesOf("has").ToList();
        if (members.Count > 0)
            yield return new JsonArray([.. members.DistinctBy(static one => one.ToJsonString())]);
        foreach (var value in ValuesOf("has").Concat(ValuesOf("eq")))
            yield return value;
        foreach (var value in ValuesOf("in").SelectMany(static one => one.AsArray()))
            yield return value!.DeepClone();
        var text = string.Concat(TextsOf("starts_with").OrderByDescending(static one => one.Length).Take(1))
            + string.Join('-', TextsOf("contains"))
            + string.Concat(TextsOf("ends_with").OrderByDescending(static one => one.Length).Take(1));
        yield return JsonValue.Create(text.Length > 0 ? text : AnyText);
        foreach (var value in ValuesOf("neq").Concat(ValuesOf("not_in").SelectMany(static one => one.AsArray())))
            yield return Other(value);
        yield return null;

        IEnumerable<JsonNode> ValuesOf(string op) => conditions.Where(one => one.Operator == op)
            .Select(static one => JsonNode.Parse(one.Value.GetRawText())!);
        IEnumerable<string> TextsOf(string op) => conditions.Where(one => one.Operator == op)
            .Select(static one => one.Value.GetString()!);
    }

    /// <summary>Returns a value of the same type that no condition is likely to name.</summary>
    private static JsonNode? Other(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => JsonValue.Create(987_654_321),
        JsonValueKind.True => JsonValue.Create(false),
        JsonValueKind.False => JsonValue.Create(true),
        JsonValueKind.Array => new JsonArray(AnyText),
        JsonValueKind.Object => new JsonObject { [AnyText] = AnyText },
        _ => JsonValue.Create(AnyText),
    };

    /// <summary>Sets the claim if all conditions on it hold then, and leaves the claims as they were if not.</summary>
    private static bool TrySet(JsonObject claims, ImmutableArray<ClaimCondition> conditions, JsonNode? value)
    {
        if (value is null)
            return conditions.All(condition => condition.Holds(Parsed(claims)));
        var steps = conditions[0].Steps;
        var owner = claims;
        foreach (var step in steps.Take(steps.Count - 1))
        {
            if (owner[step] is null)
                owner[step] = new JsonObject();
            if (owner[step] is not JsonObject inner)
                return false;
            owner = inner;
        }

        if (owner.ContainsKey(steps[^1]))
            return false;
        owner[steps[^1]] = value;
        if (conditions.All(condition => condition.Holds(Parsed(claims))))
            return true;
        owner.Remove(steps[^1]);
        return false;
    }

    private static JsonElement Parsed(JsonObject claims) => JsonElement.Parse(claims.ToJsonString());
}
