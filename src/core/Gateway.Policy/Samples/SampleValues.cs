using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Policy.Samples;

/// <summary>Generates values on either side of a rule's operand, as JSON text.</summary>
internal static class SampleValues
{
    private const int LengthMax = 4096;

    private static readonly string[] Texts =
        ["", "x", "abc", "ABC", "0", "42", "a b", "user@example.com", "https://example.com/", "2024-01-01", "+4912345"];

    public static IEnumerable<string> Equal(JsonNode? value) => [Raw(value), .. Around(value), Text($"{value}x")];

    public static IEnumerable<string> Members(JsonNode? values) =>
        [.. Items(values).Select(Raw), Text("x-other"), "987654321"];

    public static IEnumerable<string> AtHosts(JsonNode? hosts) =>
        [.. Items(hosts).Select(static host => Text($"https://{host}/")), Text("https://o.invalid/")];

    public static IEnumerable<string> Affixed(JsonNode? affix) =>
        [Text($"{affix}"), Text($"{affix}x"), Text($"x{affix}"), Text("x")];

    public static IEnumerable<string> Containing(JsonNode? part) =>
        [Text($"x{part}x"), $"[{Raw(part)}]", Text("x"), "[]"];

    public static IEnumerable<string> Having(JsonNode? value) =>
        [Raw(value), $"[{Raw(value)}]", Text($"x{value}"), $"[{Text($"x{value}")}]", "[]"];

    public static IEnumerable<string> Matching(JsonNode? expression) =>
        [.. RegexSamples.Of($"{expression}").Select(Text), .. Texts.Select(Text)];

    /// <summary>Returns values of the schema's type, at the edges of its bounds.</summary>
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

    public static IEnumerable<string> Lengths(JsonNode? value) =>
        int.TryParse($"{value}", NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= LengthMax
            ? ((int[])[length - 1, length, length + 1]).Where(static one => one >= 0)
                .Select(static one => Text(new string('x', one)))
            : [];

    private static JsonArray Items(JsonNode? value) => value as JsonArray ?? [];

    private static string Raw(JsonNode? value) => value?.ToJsonString() ?? "null";
}
