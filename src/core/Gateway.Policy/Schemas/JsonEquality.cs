using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>
/// Equality of JSON values as defined by JSON Schema: numbers by value, members in any order, no conversion.
/// </summary>
internal sealed class JsonEquality : IEqualityComparer<JsonNode>
{
    public static readonly JsonEquality Instance = new();

    public bool Equals(JsonNode? x, JsonNode? y)
    {
        if (x is null || y is null || x.Kind != y.Kind)
            return ReferenceEquals(x, y);
        return x.Kind switch
        {
            JsonKind.Number => AreSameNumber(x.Text, y.Text),
            JsonKind.String => string.Equals(x.Text, y.Text, StringComparison.Ordinal),
            JsonKind.Array => x.Items.AsSpan().SequenceEqual(y.Items.AsSpan(), this),
            JsonKind.Object => HaveSameMembers(x, y),
            _ => true,
        };
    }

    public int GetHashCode(JsonNode node)
    {
        var hash = (int)node.Kind;
        switch (node.Kind)
        {
            case JsonKind.Number:
                return JsonDecimal.TryParse(node.Text, out var number)
                    ? number.GetHashCode()
                    : node.Text.GetHashCode(StringComparison.Ordinal);
            case JsonKind.String:
                return node.Text.GetHashCode(StringComparison.Ordinal);
            case JsonKind.Array:
                foreach (var item in node.Items)
                    hash = HashCode.Combine(hash, GetHashCode(item));
                return hash;
            case JsonKind.Object:
                // A sum does not depend on the order.
                foreach (var member in node.Members)
                    hash += HashCode.Combine(member.Name, GetHashCode(member.Value));
                return hash;
            default:
                return hash;
        }
    }

    private static bool AreSameNumber(string x, string y) =>
        JsonDecimal.TryParse(x, out var left) && JsonDecimal.TryParse(y, out var right)
            ? left.Equals(right)
            : string.Equals(x, y, StringComparison.Ordinal);

    private bool HaveSameMembers(JsonNode x, JsonNode y)
    {
        if (x.Members.Length != y.Members.Length)
            return false;
        foreach (var member in x.Members)
        {
            if (y.Find(member.Name) is not { } other || !Equals(member.Value, other))
                return false;
        }

        return true;
    }
}
