using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Gateway.Policy.Expressions;

namespace Gateway.Control.Snapshots;

/// <summary>The conditions under which a token of an issuer selects a grant.</summary>
/// <param name="Issuer">The name of the issuer.</param>
/// <param name="Order">The position among the grants that match: the smallest wins.</param>
/// <param name="Claims">The conditions, all of which must hold.</param>
public sealed record GrantMatch(string Issuer, int Order, ImmutableArray<ClaimCondition> Claims)
{
    /// <summary>Returns true if neither of two has a position before the other, and they need one.</summary>
    public bool IsUnorderedWith(GrantMatch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Issuer == other.Issuer
            ? Order == 0 || other.Order == 0 || Order == other.Order
            : Order > 0 && Order == other.Order;
    }

    /// <summary>All of it as one text, for comparison.</summary>
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"{Issuer} {Order} ")
        + string.Join(' ', Claims.Select(static one => $"{one.Path} {one.Operator} {one.Value.GetRawText()}"));

    /// <summary>Returns true if a verified token of that issuer selects the grant.</summary>
    public bool Holds(string issuer, JsonElement claims) =>
        issuer == Issuer && Claims.All(condition => condition.Holds(claims));
}

/// <summary>A condition on one claim. It never holds for an absent claim, unless it requires that.</summary>
/// <param name="Path">The name of a claim, or a JSON Pointer into the claims.</param>
/// <param name="Operator">One of <see cref="Exact"/> or <see cref="Searching"/>.</param>
/// <param name="Value">The value to compare with.</param>
public sealed record ClaimCondition(string Path, string Operator, JsonElement Value)
{
    private readonly ClaimPattern? _pattern = Operator == "matches" && Value.ValueKind == JsonValueKind.String
        ? ClaimPattern.Compile(Value.GetString()!, out _) : null;

    /// <summary>The operators that compare whole values.</summary>
    public static ImmutableArray<string> Exact { get; } = ["has", "eq", "neq", "in", "not_in", "exists"];

    /// <summary>The operators that find a part of a text: only for claims with free text.</summary>
    public static ImmutableArray<string> Searching { get; } = ["contains", "starts_with", "ends_with", "matches"];

    /// <summary>The names of the members on the path, the claim first.</summary>
    public IReadOnlyList<string> Steps =>
        Path.StartsWith('/') ? [.. Path.Split('/').Skip(1).Select(Unescape)] : [Path];

    /// <summary>Returns the name of the claim that contains the value at a path.</summary>
    public static string ClaimOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith('/') ? Unescape(path.Split('/')[1]) : path;
    }

    /// <summary>Returns true if the claims fulfill the condition.</summary>
    public bool Holds(JsonElement claims)
    {
        if (Find(claims) is not { } claim)
            return Operator == "exists" && Value.ValueKind == JsonValueKind.False;
        return Operator switch
        {
            "exists" => Value.ValueKind == JsonValueKind.True,
            "has" => Has(claim),
            "eq" => JsonElement.DeepEquals(claim, Value),
            "neq" => Differs(claim, [Value]),
            "in" => Value.EnumerateArray().Any(one => JsonElement.DeepEquals(claim, one)),
            "not_in" => Differs(claim, Value.EnumerateArray()),
            "contains" => Text(claim)?.Contains(Value.GetString()!, StringComparison.Ordinal) == true,
            "starts_with" => Text(claim)?.StartsWith(Value.GetString()!, StringComparison.Ordinal) == true,
            "matches" => Text(claim) is { } text && _pattern?.IsFoundIn(text) == true,
            "ends_with" => Text(claim)?.EndsWith(Value.GetString()!, StringComparison.Ordinal) == true,
            _ => false,
        };
    }

    // A claim of another type is not comparable, so not different: ["contractors"] must not pass for "not contractors".
    private static bool Differs(JsonElement claim, IEnumerable<JsonElement> values) =>
        values.Any(one => KindOf(one) == KindOf(claim)) && !values.Any(one => JsonElement.DeepEquals(claim, one));

    private static JsonValueKind KindOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;

    // A string is one value: never its words, because "not-agents" and "agents admins" must not pass for "agents".
    private bool Has(JsonElement claim) => claim.ValueKind == JsonValueKind.Array
        ? claim.EnumerateArray().Any(one => JsonElement.DeepEquals(one, Value))
        : JsonElement.DeepEquals(claim, Value);

    private JsonElement? Find(JsonElement claims)
    {
        if (!Path.StartsWith('/'))
            return Member(claims, Path);
        JsonElement? found = claims;
        foreach (var step in Steps)
            found = found is { } inner ? Member(inner, step) : null;
        return found;
    }

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement claim) =>
        claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;

    private static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
