using Gateway.Policy.Results;
using static Gateway.Policy.Tests.Results.ResultBench;

namespace Gateway.Policy.Tests.Results;

public class RedactionTests
{
    private const string Card = """{"path":"result.structuredContent.card"}""";

    [Theory]
    [InlineData("""{"structuredContent":{"card":"4111","a":1}}""", """{"structuredContent":{"card":"[redacted]","a":1}}""")]
    [InlineData("""{"structuredContent":{"card":4111}}""", """{"structuredContent":{"card":"[redacted]"}}""")]
    [InlineData("""{"structuredContent":{"card":{"n":[1,2]} }}""", """{"structuredContent":{"card":"[redacted]" }}""")]
    [InlineData("""{"structuredContent":{"card":null}}""", Unchanged)]
    [InlineData("""{"structuredContent":{"cards":"4111"}}""", Unchanged)]
    [InlineData("""{"structuredContent":"4111"}""", Unchanged)]
    [InlineData("""{"content":[]}""", Unchanged)]
    [InlineData("""{"structuredContent":{"card":"4111","note":"paid by 4111."}}""",
        """{"structuredContent":{"card":"[redacted]","note":"paid by [redacted]."}}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"card\":\"4111\"}"}],"structuredContent":{"card":"4111"}}""",
        """{"content":[{"type":"text","text":"{\"card\":\"[redacted]\"}"}],"structuredContent":{"card":"[redacted]"}}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"card\": 12.50}"}],"structuredContent":{"card":12.5}}""",
        """{"content":[{"type":"text","text":"{\"card\": \"[redacted]\"}"}],"structuredContent":{"card":"[redacted]"}}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"card\":\"\\u0034111\"}"}],"structuredContent":{"card":"4111"}}""",
        """{"content":[{"type":"text","text":"{\"card\":\"[redacted]\"}"}],"structuredContent":{"card":"[redacted]"}}""")]
    [InlineData("""{"content":[{"text":"pin 12, not 123 or 312"}],"structuredContent":{"card":12}}""",
        """{"content":[{"text":"pin [redacted], not 123 or 312"}],"structuredContent":{"card":"[redacted]"}}""")]
    [InlineData("""{"content":[{"text":"Ann, \"Ann\\Bo\""}],"structuredContent":{"card":{"a":"\"Ann\\Bo\"","b":"Ann"}}}""",
        """{"content":[{"text":"[redacted], [redacted]"}],"structuredContent":{"card":"[redacted]"}}""")]
    [InlineData("""{"structuredContent":{"Card":"4111"}}""", "(ambiguous result)")]
    [InlineData("""{"StructuredContent":{"card":"4111"}}""", "(ambiguous result)")]
    [InlineData("""{"structuredContent":{"card":"long-enough","by":{"long-enough":1}}}""",
        "/tools/t/results/redact/0")]
    public void A_path_is_redacted_and_what_repeats_it(string result, string expected) =>
        Assert.Equal(expected, Of(Redact(Card), result));

    [Theory]
    [InlineData("""{"structuredContent":[{"c":"aaaa"},{"c":"bbbb"},{}]}""",
        """{"structuredContent":[{"c":"[redacted]"},{"c":"[redacted]"},{}]}""")]
    [InlineData("""{"structuredContent":[]}""", Unchanged)]
    [InlineData("""{"structuredContent":null}""", Unchanged)]
    [InlineData("""{"structuredContent":{"c":"aaaa"}}""", "(unreadable result)")]
    public void A_path_to_every_element_needs_a_list(string result, string expected) =>
        Assert.Equal(expected, Of(Redact("""{"path":"result.structuredContent[*].c"}"""), result));

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"id AB-123 and AB-9"}]}""",
        """{"content":[{"type":"text","text":"id [redacted] and [redacted]"}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"\u0041B-123\n"}]}""",
        """{"content":[{"type":"text","text":"[redacted]\n"}]}""")]
    [InlineData("""{"content":[{"type":"resource","resource":{"uri":"x:1","text":"AB-1"}}]}""",
        """{"content":[{"type":"resource","resource":{"uri":"x:1","text":"[redacted]"}}]}""")]
    [InlineData("""{"contents":[{"uri":"x:1","blob":"QUItMSE="}]}""", """{"contents":[{"uri":"x:1","blob":"W3JlZGFjdGVkXSE="}]}""")]
    [InlineData("""{"contents":[{"uri":"x:1","blob":"aGVsbG8="}]}""", Unchanged)]
    [InlineData("""{"contents":[{"uri":"x:1","blob":"AP8="}]}""", "(binary result)")]
    [InlineData("""{"contents":[{"uri":"x:1","blob":"not base64!"}]}""", "(binary result)")]
    [InlineData("""{"content":[{"type":"image","mimeType":"image/png","data":"iVBORw0KGgo="}]}""", "(binary result)")]
    [InlineData("""{"structuredContent":{"data":"iVBORw0KGgo="}}""", Unchanged)]
    [InlineData("""{"_meta":{"x":"AB-1"}}""", """{"_meta":{"x":"[redacted]"}}""")]
    [InlineData("""{"structuredContent":{"AB-1":true}}""", "/tools/t/results/redact/0")]
    [InlineData("""{"content":[{"text":"[{\"k\":\"{\\\"z\\\":\\\"\\\\u0041B-7\\\"}\"}]"}]}""",
        """{"content":[{"text":"[{\"k\":\"{\\\"z\\\":\\\"[redacted]\\\"}\"}]"}]}""")]
    [InlineData("""{"content":[{"text":"AB-"},{"text":"123"}]}""", Unchanged)]
    [InlineData("""{"isError":true,"content":[{"text":"no AB-1"}]}""", """{"isError":true,"content":[{"text":"no [redacted]"}]}""")]
    [InlineData("null", Unchanged)]
    [InlineData("\"AB-1\"", "\"[redacted]\"")]
    public void An_expression_is_redacted_in_every_text(string result, string expected) =>
        Assert.Equal(expected, Of(Redact("""{"matches":"AB-\\d+"}"""), result));

    [Fact]
    public void A_number_that_is_found_becomes_a_text() => Assert.Equal(
        """{"structuredContent":{"n":"[redacted]","m":41111111,"f":"[redacted]","e":"[redacted]"}}""",
        Of(Redact("""{"known":"card_number"}"""), """{"structuredContent":{"n":4111111111111111,"m":41111111,"f":4111111111111111.0,"e":4.111111111111111e15}}"""));

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"AB-1"}}""",
        """{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"[redacted]"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":9,"method":"elicitation/create","params":{"message":"AB-1?"}}""",
        """{"jsonrpc":"2.0","id":9,"method":"elicitation/create","params":{"message":"[redacted]?"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"AB-1","data":["AB-2"]}}""",
        """{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"[redacted]","data":["[redacted]"]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no"}}""", Unchanged)]
    [InlineData("""{"jsonrpc":"2.0","id":"AB-1","method":"ping"}""", "/tools/t/results/redact/0")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/AB-1"}""", "/tools/t/results/redact/0")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"result":{}}""", "(unknown call)")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":{}}""", "(unknown call)")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":{}}""", "(unknown call)")]
    [InlineData("""{"jsonrpc":"2.0","result":{}}""", "(unknown call)")]
    [InlineData("""{"jsonrpc":"2.0","id":1.0,"result":{}}""", Unchanged)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"x":"AB-1"}}""", """{"jsonrpc":"2.0","id":1,"result":{"x":"[redacted]"}}""")]
    public void Every_message_of_the_call_is_searched(string message, string expected)
    {
        var decision = Evaluate(Redact("""{"matches":"AB-\\d+"}"""), message, out var passed);
        Assert.Equal(expected, decision.Denial?.Rule ?? passed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":{}}]""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}} {}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"Result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"extra":"AB-1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"error":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"a":"\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"a":01}}""")]
    public void Denies_what_has_not_one_meaning(string message)
    {
        var decision = Evaluate(Redact("""{"matches":"AB-\\d+"}"""), message, out _);
        Assert.Equal("(unreadable result)", decision.Denial?.Rule);
    }

    [Theory]
    [InlineData("""{"redact":[{"matches":"x+"}]}""")]
    [InlineData("""{"deny_if":[{"path":"result.a","op":"eq","value":1}]}""")]
    public void Denies_invalid_utf8_and_what_is_too_deep(string results)
    {
        var binding = Policies.Bind(Policies.Document($$$"""  "tools":{"t":{"results":{{{results}}}}}  """));
        var rules = Policies.Call(binding, "t").Results!;
        byte[][] messages =
        [
            [.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\""u8, 0xC3, 0x28, .. "\"}"u8],
            System.Text.Encoding.UTF8.GetBytes(Answer(new string('[', 300) + new string(']', 300))),
            System.Text.Encoding.UTF8.GetBytes(Answer(new string('[', 9000) + new string(']', 9000))),
        ];
        foreach (var message in messages)
        {
            var decision = ResultEngine.Evaluate(
                _ => rules, binding.OtherMessages!, 4_000_000, message, new System.Buffers.ArrayBufferWriter<byte>(),
                ResultBudget.OfCall());
            Assert.Equal("(unreadable result)", decision.Denial?.Rule);
        }
    }

    [Fact]
    public void Denies_a_response_that_takes_too_long_to_evaluate()
    {
        var expressions = string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"matches":"a.{1,200}{{i}}z"}"""));
        Assert.Equal("(result too large)", Of(Redact(expressions), $$"""{"t":"{{new string('a', 500_000)}}"}"""));
    }

    [Fact]
    public void Rules_are_counted_one_by_one()
    {
        var decision = Evaluate(
            """{"redact":[{"path":"result.a"},{"matches":"x"},{"matches":"y"}]}""",
            Answer("""{"a":"secret","b":"secret x xx","c":7}"""), out _);
        Assert.Equal(
            [("/tools/t/results/redact/0", 2), ("/tools/t/results/redact/1", 3)],
            decision.Redacted.Select(count => (count.Rule, count.Count)));
    }

    [Fact]
    public void In_shadow_a_redaction_only_counts()
    {
        var decision = EvaluateEntry(
            """{"mode":"shadow","results":{"redact":[{"path":"result.a"},{"matches":"x"}]}}""",
            Answer("""{"a":"s","b":"xx","contents":[{"uri":"u","blob":"AP8="}]}"""), out var passed);
        Assert.Equal(Unchanged, passed);
        Assert.Null(decision.Denial);
        Assert.Equal([(1, true), (2, true)], decision.Redacted.Select(count => (count.Count, count.IsShadow)));
    }
}
