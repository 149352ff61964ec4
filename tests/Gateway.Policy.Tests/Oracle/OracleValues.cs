using System.Numerics;

namespace Gateway.Policy.Tests.Oracle;

/// <summary>
/// What a limit counts by, in the plainest way: the subject and each path's value, or null where there is none.
/// </summary>
internal static class OracleValues
{
    public static string? Of(JsonElement limit, OracleCall call)
    {
        JsonElement[] paths = !limit.TryGetProperty("by", out var by) ? []
            : by.ValueKind == JsonValueKind.Array ? [.. by.EnumerateArray()] : [by];
        var isPerSubject = IsPerSubject(limit);
        if (!isPerSubject && paths.Length == 0)
            return "";
        string[] subject = !isPerSubject ? []
            : call.Caller.ValueKind == JsonValueKind.Undefined ? ["grant", "g"]
            : ["subject", $"{call.Caller.GetProperty("issuer")}", $"{call.Caller.GetProperty("subject")}"];
        var values = paths.Select(path => ValueOf(path, call)).ToList();
        return values.Contains(null) ? null : "=" + string.Join('|', [.. subject, .. values]);
    }

    /// <summary>True where a call without a subject is denied.</summary>
    public static bool IsNameless(JsonElement limit, OracleCall call) => IsPerSubject(limit)
        && call.Caller.ValueKind == JsonValueKind.Undefined && !limit.TryGetProperty("without", out _);

    private static bool IsPerSubject(JsonElement limit) =>
        limit.TryGetProperty("scope", out var scope) && scope.GetString() == "subject";

    private static string? ValueOf(JsonElement by, OracleCall call)
    {
        var isShort = by.ValueKind == JsonValueKind.String;
        var path = isShort ? by.GetString()! : by.GetProperty("path").GetString()!;
        var form = !isShort && by.TryGetProperty("as", out var written) ? written.GetString() : "text";
        if (Find(call.RootOf(path), path) is not { } found)
            return null;
        var text = found.ValueKind switch
        {
            JsonValueKind.String => found.GetString()!,
            JsonValueKind.Number => Plain(found.GetRawText()),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
        if (text is null || Encoding.UTF8.GetByteCount(text) > 512)
            return null;
        return form switch
        {
            "lower" => text.ToLowerInvariant(),
            "digits" => Digits(text),
            "number" => Regex.IsMatch(text, "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?$") ? Plain(text) : null,
            _ => text,
        };
    }

    /// <summary>The digits of a text that has no other numerals; null where it has none.</summary>
    public static string? Digits(string text) =>
        Regex.IsMatch(text, @"[\p{N}-[0-9]]") || Regex.Replace(text, "[^0-9]", "") is not { Length: > 0 } digits
            ? null
            : digits;

    private static JsonElement? Find(JsonElement node, string path)
    {
        var steps = path[path.IndexOf('.', StringComparison.Ordinal)..];
        foreach (var step in Regex.Matches(steps, "[a-z]+|[0-9]+").Select(static match => match.Value))
        {
            if (char.IsAsciiDigit(step[0]))
            {
                var index = int.Parse(step, CultureInfo.InvariantCulture);
                if (node.ValueKind != JsonValueKind.Array || index >= node.GetArrayLength())
                    return null;
                node = node[index];
            }
            else if (node.ValueKind != JsonValueKind.Object || !node.TryGetProperty(step, out node))
            {
                return null;
            }
        }

        return node;
    }

    private static string Plain(string number)
    {
        var match = Regex.Match(number, "^(-?)([0-9]+)(?:\\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?$");
        var fraction = match.Groups[3].Value;
        var value = BigInteger.Parse(match.Groups[2].Value + fraction, CultureInfo.InvariantCulture);
        var power = -fraction.Length
            + (match.Groups[4].Success ? int.Parse(match.Groups[4].Value, CultureInfo.InvariantCulture) : 0);
        if (power > 0)
            (value, power) = (value * BigInteger.Pow(10, power), 0);
        var digits = value.ToString(CultureInfo.InvariantCulture).PadLeft(1 - power, '0');
        var text = power == 0 ? digits : $"{digits[..^-power]}.{digits[^-power..]}".TrimEnd('0').TrimEnd('.');
        return value.IsZero ? "0" : match.Groups[1].Value + text;
    }
}
