using System.Collections.Frozen;
using Gateway.Policy.Conditions;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads the value of a condition as its operator needs it.</summary>
internal static class ComparisonReader
{
    public static readonly string[] Operators =
    [
        "exists", "eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "contains", "starts_with", "ends_with",
        "matches", "length_lt", "length_lte", "length_gt", "length_gte", "host_in",
    ];

    /// <summary>Null, with a problem reported, where the value does not suit the operator.</summary>
    public static Comparison? Read(MemberReader members, string op, JsonNode value)
    {
        if (HasUnreadableNumber(value))
        {
            members.Error(value, members.PointerTo("value"), "an exponent has at most 17 digits");
            return null;
        }

        return op switch
        {
            "eq" or "neq" => new EqualComparison(value, op == "neq"),
            "in" or "not_in" => ReadIn(members, value, op == "not_in"),
            "lt" or "lte" or "gt" or "gte" => ReadOrder(members, op, value),
            "contains" => ReadContains(members, value),
            "starts_with" or "ends_with" => ReadText(members, op, value) is { } text
                ? new AffixComparison(text, op == "ends_with")
                : null,
            "matches" => ReadMatches(members, value),
            "host_in" => ReadHosts(members, value),
            _ => ReadLength(members, op, value),
        };
    }

    private static InComparison? ReadIn(MemberReader members, JsonNode value, bool isNegated)
    {
        if (value is { Kind: JsonKind.Array, Items.IsEmpty: false })
            return new InComparison(value.Items, isNegated);
        members.WrongType(value, "value", "an array of at least one value");
        return null;
    }

    private static OrderComparison? ReadOrder(MemberReader members, string op, JsonNode value)
    {
        if (value.Kind == JsonKind.Number && JsonDecimal.TryParse(value.Text, out var number))
            return new OrderComparison(Order.Parse(op), number, Spelling.Shorten(value.Text));
        members.WrongType(value, "value", $"a number, as \"{op}\" compares numbers");
        return null;
    }

    private static LengthComparison? ReadLength(MemberReader members, string op, JsonNode value)
    {
        if (value.Kind == JsonKind.Number && JsonDecimal.TryParse(value.Text, out var number)
            && number is { IsInteger: true, Sign: >= 0 })
            return new LengthComparison(Order.Parse(op), number, Spelling.Shorten(value.Text));
        members.WrongType(value, "value", "a whole number, not below 0");
        return null;
    }

    private static ContainsComparison? ReadContains(MemberReader members, JsonNode value)
    {
        if (value is not { Kind: JsonKind.String, Text: "" })
            return new ContainsComparison(value);
        members.Error(value, members.PointerTo("value"), "every string contains \"\": write what is looked for");
        return null;
    }

    private static string? ReadText(MemberReader members, string op, JsonNode value)
    {
        if (value is { Kind: JsonKind.String, Text.Length: > 0 })
            return value.Text;
        members.WrongType(value, "value", $"a string of at least one character, for \"{op}\"");
        return null;
    }

    private static MatchesComparison? ReadMatches(MemberReader members, JsonNode value)
    {
        if (members.AsText(value, "value") is not { } text)
            return null;
        if (SafeRegex.Compile(text, out var problem) is { } regex)
            return new MatchesComparison(regex);
        members.Error(value, members.PointerTo("value"), problem);
        return null;
    }

    private static HostComparison? ReadHosts(MemberReader members, JsonNode value)
    {
        if (value is not { Kind: JsonKind.Array, Items.IsEmpty: false })
        {
            members.WrongType(value, "value", "an array of at least one host name");
            return null;
        }

        var hosts = new HashSet<string>(StringComparer.Ordinal);
        var allRead = true;
        foreach (var (node, pointer) in members.Items(value, "value"))
        {
            if (node.Kind == JsonKind.String && UrlHost.Normalise(node.Text) is { } host)
            {
                hosts.Add(host);
                continue;
            }

            allRead = false;
            members.Error(node, pointer, "write a host name such as \"api.example.com\", in punycode where it has "
                + "unusual letters, without scheme, port or \"*\"");
        }

        return allRead ? new HostComparison(hosts.ToFrozenSet(StringComparer.Ordinal)) : null;
    }

    private static bool HasUnreadableNumber(JsonNode node) => node.Kind switch
    {
        JsonKind.Number => !JsonDecimal.TryParse(node.Text, out _),
        JsonKind.Array => node.Items.Any(HasUnreadableNumber),
        JsonKind.Object => node.Members.Any(static member => HasUnreadableNumber(member.Value)),
        _ => false,
    };
}
