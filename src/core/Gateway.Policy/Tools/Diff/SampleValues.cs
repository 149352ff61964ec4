using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Policy.Tools.Diff;

/// <summary>Values on either side of what a rule compares with, as JSON text.</summary>
internal static class SampleValues
{
    private const int LengthMax = 4096;

    private static readonly string[] Texts =
        ["", "x", "abc", "ABC", "0", "42", "a b", "user@example.com", "https://example.com/", "2024-01-01", "+4912345"];

    public static IEnumerable<string> OfCondition(JsonObject condition)
    {
        var value = condition["value"];
        return (condition["op"] as JsonValue)?.ToString() switch
        {
            "exists" => [Text("x")],
            "lt" or "lte" or "gt" or "gte" => Around(value),
            "length_lt" or "length_lte" or "length_gt" or "length_gte" => Lengths(value),
            "in" or "not_in" => [.. Items(value).Select(Raw), Text("x-other"), "987654321"],
            "host_in" => [.. Items(value).Select(static host => Text($"https://{host}/")), Text("https://o.invalid/")],
            "starts_with" or "ends_with" => [Text($"{value}"), Text($"{value}x"), Text($"x{value}"), Text("x")],
            "contains" => [Text($"x{value}x"), $"[{Raw(value)}]", Text("x"), "[]"],
            "matches" => [.. RegexSamples.Of($"{value}").Select(Text), .. Texts.Select(Text)],
            _ => [Raw(value), .. Around(value), Text($"{value}x")],
        };
    }

    /// <summary>By the type that a schema names, at the edges of its bounds.</summary>
    public static IEnumerable<string> OfSchema(JsonObject schema)
    {
        foreach (var value in Items(schema["enum"]).Append(schema["const"]).Where(static value => value is not null))
            yield return Raw(value);
        foreach (var name in (string[])["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])
        {
            foreach (var number in Around(schema[name]))
                yield return number;
        }

        foreach (var text in Lengths(schema["minLength"]).Concat(Lengths(schema["maxLength"])))
            yield return text;
        foreach (var text in RegexSamples.Of($"{schema["pattern"]}"))
            yield return Text(text);
        foreach (var value in (string[])["\"x\"", "1", "true", "[]", "{}", "null"])
            yield return value;
    }

    public static IEnumerable<string> Around(JsonNode? value)
    {
        if (!decimal.TryParse($"{value}", NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || Math.Abs(number) > 1_000_000_000_000_000_000m)
            return [];
        return ((decimal[])[number, number - 1, number + 1, number - 0.01m, number + 0.01m, number / 2])
            .Select(static sample => sample.ToString(CultureInfo.InvariantCulture));
    }

    public static string Text(string text) => JsonValue.Create(text).ToJsonString();

    private static IEnumerable<string> Lengths(JsonNode? value) =>
        int.TryParse($"{value}", NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= LengthMax
            ? ((int[])[length - 1, length, length + 1]).Where(static one => one >= 0)
                .Select(static one => Text(new string('x', one)))
            : [];

    private static JsonArray Items(JsonNode? value) => value as JsonArray ?? [];

    private static string Raw(JsonNode? value) => value?.ToJsonString() ?? "null";
}
