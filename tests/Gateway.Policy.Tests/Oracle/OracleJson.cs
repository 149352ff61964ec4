using System.Numerics;

namespace Gateway.Policy.Tests.Oracle;

/// <summary>Comparing JSON values in the plainest way, over the framework's own reader.</summary>
internal static class OracleJson
{
    /// <summary>True, false, or null where the two cannot be compared.</summary>
    public static bool? AreEqual(JsonElement policy, JsonElement argument)
    {
        if (policy.ValueKind == JsonValueKind.Null)
            return argument.ValueKind == JsonValueKind.Null;
        if (policy.ValueKind == JsonValueKind.Number)
            return Number(argument) is { } number ? number == Number(policy) : null;
        if (policy.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return argument.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? policy.ValueKind == argument.ValueKind
                : null;
        if (policy.ValueKind != argument.ValueKind)
            return null;
        if (policy.ValueKind == JsonValueKind.String)
            return policy.GetString() == argument.GetString();
        var parts = policy.ValueKind == JsonValueKind.Array ? Items(policy, argument) : Members(policy, argument);
        if (parts is null)
            return false;
        var compared = parts.ToArray();
        return compared.Contains(null) ? null : compared.All(part => part == true);
    }

    /// <summary>As a multiple of 10^-30, or null where it is no number.</summary>
    public static BigInteger? Number(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
        if (!System.Text.RegularExpressions.Regex.IsMatch(text, @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z"))
            return null;
        var parts = text.Split('e', 'E');
        var exponent = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var digits = parts[0].Split('.');
        var fraction = digits.Length == 2 ? digits[1] : "";
        var mantissa = BigInteger.Parse(digits[0] + fraction, CultureInfo.InvariantCulture);
        return mantissa * BigInteger.Pow(10, 30 + exponent - fraction.Length);
    }

    private static IEnumerable<bool?>? Items(JsonElement policy, JsonElement argument) =>
        policy.GetArrayLength() == argument.GetArrayLength()
            ? policy.EnumerateArray().Zip(argument.EnumerateArray(), AreEqual)
            : null;

    private static IEnumerable<bool?>? Members(JsonElement policy, JsonElement argument) =>
        policy.EnumerateObject().Count() == argument.EnumerateObject().Count()
            ? policy.EnumerateObject().Select(member =>
                argument.TryGetProperty(member.Name, out var other) ? AreEqual(member.Value, other) : false)
            : null;
}
