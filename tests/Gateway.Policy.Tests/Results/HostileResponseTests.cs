using JsonNode = System.Text.Json.Nodes.JsonNode;
using static Gateway.Policy.Tests.Results.ResultBench;

namespace Gateway.Policy.Tests.Results;

/// <summary>
/// Responses that hide a card number from the rules in a form that a client undoes. Whatever passes is read as a
/// careless client reads it: every text that is JSON is parsed again, and escapes in any other text are undone.
/// </summary>
public class HostileResponseTests
{
    private const string Card = "4111111111111111";
    private const string Escaped = "\\u0034\\u0031\\u0031\\u0031111111111111";
    private const string Object = $$$"""{"c":"{{{Escaped}}}"}""";
    private const string Rules = """{"redact":[{"known":"card_number"},{"path":"result.structuredContent.pin"}]}""";

    public static TheoryData<string> Responses => new()
    {
        Deep("{\"a\":", "}", 64, $"\"{Escaped}\""),
        Deep("[", "]", 64, Card),
        Deep("[", "]", 120, $"\"{Card}\""),
        Deep("[", "]", 500, $"\"{Card}\""),
        Content(Text($"see {Escaped}, please")),
        Content(Text($"result: {{\"card\":\"{Escaped}\"}}")),
        Content(Text($"\"{Escaped}\"")),
        Content(Text($"{{\"x\":NaN,\"card\":\"{Escaped}\"}}")),
        Content(Text($"{{\"x\":\"\\ud800\",\"card\":\"{Escaped}\"}}")),
        Content(Text($"{{\"card\":\"{Escaped}\",}}")),
        Content(Text(Deep("[", "]", 300, $"\"{Escaped}\""))),
        Content(Text($"{{\"card\":\"0\",\"card\":\"{Escaped}\"}}")),
        Content(Text("4111\\/1111\\/1111\\/1111")),
        Content(Text("4111\\n1111\\n1111\\n1111")),
        $$$"""{"structuredContent":{"\u0034111111111111111":1}}""",
        $$$"""{"structuredContent":{"pin":"{{{Card}}}"},"content":[{"type":"text","text":"{{{Escaped}}}"}]}""",
        $$$"""{"structuredContent":{"a":{{{Card}}}.0,"b":4.111111111111111e15,"c":-{{{Card}}} } }""",
        $$$"""{"_meta":{"a/b":{"c":["{{{Escaped}}}"]} } }""",
        $$$"""{"content":[{"type":"resource_link","uri":"x:{{{Escaped}}}","name":"n","title":"{{{Card}}}"}]}""",
        $$$"""{"content":[{"type":"resource","resource":{"uri":"x:1","blob":"{{{Base64(Card)}}}"}}]}""",
        $$$"""{"content":[{"type":"resource","resource":{"uri":"x:1","blob":"{{{Base64(Object)}}}"}}]}""",
        $$$"""{"content":[{"type":"resource","resource":{"uri":"x:1","blob":"{{{Base64(Card).Insert(4, "\\n")}}}"}}]}""",
        $$$"""{"isError":true,"content":[{"type":"text","text":"{{{Card[..8]}}}\u200b{{{Card[8..]}}}"}]}""",
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public void Response_that_hides_a_card_number_does_not_pass_with_it(string result)
    {
        var message = Answer(result);
        Assert.True(Reveals(Parse(message)), message);
        Assert.False(Passes(message), message);
    }

    [Fact]
    public void Nested_and_escaped_in_random_ways_it_does_not_pass()
    {
        var random = new Random(51);
        var (denied, redacted) = (0, 0);
        for (var round = 0; round < 1_000; round++)
        {
            var json = Text(round % 2 == 0 ? Card : $"to {Card}.");
            for (var depth = random.Next(1, 9); depth > 0; depth--)
            {
                json = random.Next(5) switch
                {
                    0 => $$$"""{"a":{{{json}}},"b":true}""",
                    1 => $"[null,{json}]",
                    2 => Text($"note {json} end"),
                    3 => EscapedDigits(json, random),
                    _ => json.Length > 20_000 ? json : Text(json),
                };
            }

            var message = Answer($$$"""{"content":[{{{json}}}]}""");
            Assert.True(Reveals(Parse(message)), message);
            var decision = Evaluate(Rules, message, out var passed);
            Assert.False(decision.Denial is null && Reveals(Parse(decision.IsChanged ? passed : message)), message);
            denied += decision.Denial is null ? 0 : 1;
            redacted += decision.Denial is null ? 1 : 0;
        }

        Assert.True(redacted > 300, $"{redacted} redacted, {denied} denied");
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(400_000)]
    public void Large_array_passes_redacted_or_is_denied(int count)
    {
        var items = string.Join(',', Enumerable.Repeat("1", count));
        Assert.False(Passes(Answer($$$"""{"structuredContent":{"v":[{{{items}}},{{{Card}}}]} }""")));
    }

    [Theory]
    [InlineData("C:\\\\temp\\\\new", "(unchanged)")]
    [InlineData("a \\\\d+ expression", "(unchanged)")]
    [InlineData("pay \\\\u0034111-1111-1111-1111 now", "pay [redacted] now")]
    public void Backslashes_in_a_text_stay_as_they_are(string text, string expected)
    {
        var left = Of(Rules, $$$"""{"content":[{"type":"text","text":"{{{text}}}"}]}""");
        Assert.Equal(
            expected == Unchanged ? Unchanged : $$$"""{"content":[{"type":"text","text":"{{{expected}}}"}]}""", left);
    }

    private static bool Passes(string message)
    {
        var decision = Evaluate(Rules, message, out var passed);
        return decision.Denial is null && Reveals(Parse(decision.IsChanged ? passed : message));
    }

    private static bool Reveals(JsonNode? node) => node switch
    {
        JsonObject members => members.Any(static member => Shows(member.Key) || Reveals(member.Value)),
        JsonArray items => items.Any(Reveals),
        null => false,
        _ => Shows(node.ToString()) || Shows(Blob(node.ToString())),
    };

    // Digits alone count, as a reader takes any separator for one.
    private static bool Shows(string text)
    {
        for (var level = 0; level < 12; level++)
        {
            var digits = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? decimal.Truncate(Math.Abs(number)).ToString(CultureInfo.InvariantCulture) : text;
            if (string.Concat(digits.Where(char.IsAsciiDigit)).Contains(Card, StringComparison.Ordinal))
                return true;
            text = Regex.Replace(text, @"\\(u[0-9A-Fa-f]{4}|.)", static match => match.Length == 6
                ? ((char)Convert.ToInt32(match.Value[2..], 16)).ToString()
                : match.Value[1..]);
        }

        return false;
    }

    private static string Blob(string text)
    {
        var bytes = new byte[text.Length + 3];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : "";
    }

    private static string EscapedDigits(string json, Random random) => Regex.Replace(
        json, @"(?<!\\u[0-9a-f]{0,3})[14]",
        match => random.Next(3) == 0 ? $"\\u00{(int)match.Value[0]:x2}" : match.Value);

    private static JsonNode Parse(string message) =>
        JsonNode.Parse(message, null, new System.Text.Json.JsonDocumentOptions { MaxDepth = 1_000 })!;

    private static string Content(string text) => $$$"""{"content":[{"type":"text","text":{{{text}}} }]}""";

    private static string Text(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Deep(string open, string close, int depth, string inner) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
}
