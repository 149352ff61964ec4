namespace Gateway.Policy.Tests.Oracle;

/// <summary>Conditions read word by word from the page of the format, without any care for speed.</summary>
internal static class OracleCondition
{
    /// <summary>True, false, or null where something could not be compared.</summary>
    public static bool? Holds(
        JsonElement condition, OracleCall call, bool isEvery, bool? missing = false)
    {
        if (condition.TryGetProperty("time", out var time))
            return OracleTime.Holds(time, call.At);
        if (condition.TryGetProperty("not", out var inner))
            return !Holds(inner, call, !isEvery, missing);
        if (condition.TryGetProperty("any", out var any))
            return Sum(Each(any), isEvery: false);
        if (condition.TryGetProperty("all", out var all))
            return Sum(Each(all), isEvery: true);
        var op = condition.GetProperty("op").GetString()!;
        var value = condition.TryGetProperty("value", out var written) ? written : default;
        string? list = condition.TryGetProperty("list", out var name) ? name.GetString() : null;
        var form = condition.TryGetProperty("as", out var given) ? given.GetString()! : "text";
        var path = condition.GetProperty("path").GetString()!;
        var places = Places(path, call.RootOf(path)).ToArray();
        if (op == "exists")
        {
            var wanted = value.ValueKind != JsonValueKind.False;
            return Sum(places.Select(place => (bool?)(place.Value.HasValue == wanted)), isEvery);
        }

        if (places.Any(place => place.IsElsewhere))
            return null;
        return Sum(places.Select(place =>
            place.Value is not { } found ? missing
            : list is not null ? InList(op, RandomPolicies.Lists[list], form, found)
            : Compare(op, value, found)), isEvery);

        IEnumerable<bool?> Each(JsonElement parts) =>
            parts.EnumerateArray().Select(part => Holds(part, call, isEvery, missing));
    }

    /// <summary>The values that a path names.</summary>
    public static IEnumerable<JsonElement> Values(string path, JsonElement arguments) =>
        Places(path, arguments).Select(static place => place.Value).OfType<JsonElement>();

    private static IEnumerable<(JsonElement? Value, bool IsElsewhere)> Places(string path, JsonElement arguments) =>
        Places(arguments, [.. Regex.Matches(path, @"\.(\w+)|\[(\d+|\*)\]")
            .Select(match => match.Groups[1].Success ? match.Groups[1].Value : "#" + match.Groups[2].Value)]);

    private static bool? InList(string op, string[] list, string form, JsonElement argument)
    {
        var isText = argument.ValueKind == JsonValueKind.String;
        bool? found = form switch
        {
            "number" => OracleJson.Number(argument) is { } number
                ? list.Any(one => OracleJson.Number(Quoted(one)) == number)
                : null,
            _ when !isText => null,
            "digits" => OracleValues.Digits(argument.GetString()!) is { } digits
                ? list.Any(one => OracleValues.Digits(one) == digits)
                : null,
            "lower" => list.Contains(argument.GetString(), StringComparer.OrdinalIgnoreCase),
            _ => list.Contains(argument.GetString()),
        };
        return op == "not_in" ? !found : found;

        static JsonElement Quoted(string text) => JsonDocument.Parse($"\"{text}\"").RootElement;
    }

    private static bool? Sum(IEnumerable<bool?> parts, bool isEvery)
    {
        var all = parts.ToArray();
        if (all.Contains(null))
            return null;
        return isEvery ? all.All(part => part == true) : all.Any(part => part == true);
    }

    private static IEnumerable<(JsonElement? Value, bool IsElsewhere)> Places(JsonElement node, string[] steps)
    {
        if (steps.Length == 0)
            return [(node, false)];
        var rest = steps[1..];
        if (steps[0] == "#*")
        {
            if (node.ValueKind != JsonValueKind.Array)
                return [(null, node.ValueKind != JsonValueKind.Null)];
            return node.GetArrayLength() == 0
                ? [(null, false)]
                : node.EnumerateArray().SelectMany(item => Places(item, rest));
        }

        if (steps[0][0] == '#')
        {
            var index = int.Parse(steps[0][1..], System.Globalization.CultureInfo.InvariantCulture);
            return node.ValueKind == JsonValueKind.Array && index < node.GetArrayLength()
                ? Places(node[index], rest)
                : [(null, false)];
        }

        return node.ValueKind == JsonValueKind.Object && node.TryGetProperty(steps[0], out var member)
            ? Places(member, rest)
            : [(null, false)];
    }

    private static bool? Compare(string op, JsonElement policy, JsonElement argument)
    {
        var text = argument.ValueKind == JsonValueKind.String ? argument.GetString() : null;
        switch (op)
        {
            case "eq":
                return OracleJson.AreEqual(policy, argument);
            case "neq":
                return !OracleJson.AreEqual(policy, argument);
            case "in" or "not_in":
                var each = policy.EnumerateArray().Select(item => OracleJson.AreEqual(item, argument)).ToArray();
                bool? isIn = each.Contains(true) ? true : each.Contains(false) ? false : null;
                return op == "in" ? isIn : !isIn;
            case "lt" or "lte" or "gt" or "gte":
                return Order(op, OracleJson.Number(argument), OracleJson.Number(policy));
            case "between" when policy[0].ValueKind == JsonValueKind.Number:
                return OracleJson.Number(argument) is { } number
                    ? OracleJson.Number(policy[0]) <= number && number <= OracleJson.Number(policy[1])
                    : null;
            case "between":
                return Instant(argument) is { } instant
                    ? Instant(policy[0]) <= instant && instant <= Instant(policy[1])
                    : null;
            case "has" when argument.ValueKind == JsonValueKind.Array:
                return Sum(argument.EnumerateArray().Select(item => OracleJson.AreEqual(policy, item)), isEvery: false);
            case "has":
                return OracleJson.AreEqual(policy, argument);
            case "contains" when argument.ValueKind == JsonValueKind.Array:
                return Sum(argument.EnumerateArray().Select(item => OracleJson.AreEqual(policy, item)), isEvery: false);
            case "contains":
                return policy.ValueKind == JsonValueKind.String && text is not null
                    ? text.Contains(policy.GetString()!, StringComparison.Ordinal)
                    : null;
            case "starts_with":
                return text?.StartsWith(policy.GetString()!, StringComparison.Ordinal);
            case "ends_with":
                return text?.EndsWith(policy.GetString()!, StringComparison.Ordinal);
            case "matches":
                return text is null ? null : Regex.IsMatch(text, policy.GetString()!);
            case "matches_any":
                return text is null ? null : policy.EnumerateArray().Any(one => Regex.IsMatch(text, one.GetString()!));
            case "host_in":
                return text?.Contains("://", StringComparison.Ordinal) == true
                    ? policy.EnumerateArray().Any(host => host.GetString() == new Uri(text).Host)
                    : null;
            case "path_in":
                return text is null ? null : OraclePath.IsIn(
                    text, policy.EnumerateArray().Select(static one => one.GetString()!));
            case "length_lt" or "length_lte" or "length_gt" or "length_gte":
                System.Numerics.BigInteger? length = argument.ValueKind switch
                {
                    JsonValueKind.String => text!.EnumerateRunes().Count(),
                    JsonValueKind.Array => argument.GetArrayLength(),
                    JsonValueKind.Object => argument.EnumerateObject().Count(),
                    _ => null,
                };
                var scale = System.Numerics.BigInteger.Pow(10, 30);
                return Order(op["length_".Length..], length * scale, OracleJson.Number(policy));
            default:
                throw new ArgumentException($"The oracle does not know \"{op}\".", nameof(op));
        }
    }

    private static DateTimeOffset? Instant(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.Contains('T')
            && value.TryGetDateTimeOffset(out var at)
            ? at
            : null;

    private static bool? Order(string op, System.Numerics.BigInteger? left, System.Numerics.BigInteger? right) =>
        left is null || right is null ? null : op switch
        {
            "lt" => left < right,
            "lte" => left <= right,
            "gt" => left > right,
            _ => left >= right,
        };
}
