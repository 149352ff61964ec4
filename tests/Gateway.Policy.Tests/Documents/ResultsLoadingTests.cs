using Gateway.Policy.Tests.Schemas;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class ResultsLoadingTests
{
    [Theory]
    [InlineData("[]", "", "\"results\" must be an object, not an array")]
    [InlineData("{}", "", "needs \"redact\" or \"deny_if\"")]
    [InlineData("""{"redact":{}}""", "/redact", "must be an array, not an object")]
    [InlineData("""{"redact":["email"]}""", "/redact/0", "a redaction must be an object, not a string")]
    [InlineData("""{"redact":[{}]}""", "/redact/0", "must have exactly one of \"path\", \"matches\" and \"known\"")]
    [InlineData("""{"redact":[{"known":"email","path":"result.a"}]}""", "/redact/0", "must have exactly one of")]
    [InlineData("""{"redact":[{"known":"iban"}]}""", "/redact/0/known", "must be one of \"card_number\"")]
    [InlineData("""{"redact":[{"known":1}]}""", "/redact/0/known", "must be one of")]
    [InlineData("""{"redact":[{"known":"email","with":"x"}]}""", "/redact/0/with", "has no member \"with\"")]
    [InlineData("""{"redact":[{"path":"args.a"}]}""", "/redact/0/path", "a path begins with \"result\"")]
    [InlineData("""{"redact":[{"path":"result"}]}""", "/redact/0/path", "redact the whole result")]
    [InlineData("""{"redact":[{"path":"result[0]"}]}""", "/redact/0/path", "redact the whole result")]
    [InlineData("""{"redact":[{"path":7}]}""", "/redact/0/path", "must be a string")]
    [InlineData("""{"redact":[{"matches":"("}]}""", "/redact/0/matches", "this is not a regular expression")]
    [InlineData("""{"redact":[{"matches":"(?=a)b"}]}""", "/redact/0/matches", "without backtracking")]
    [InlineData("""{"redact":[{"matches":"a*"}]}""", "/redact/0/matches", "this matches empty text")]
    [InlineData("""{"redact":[{"matches":""}]}""", "/redact/0/matches", "this matches empty text")]
    [InlineData("""{"deny_if":[{"path":"args.a","op":"exists"}]}""", "/deny_if/0/path", "begins with \"result\"")]
    [InlineData("""{"deny_if":[{"time":{"zone":"UTC","hours":["09:00-18:00"]}}]}""", "/deny_if/0", "no time of day")]
    [InlineData("""{"require":[]}""", "/require", "has no member \"require\"")]
    public void Each_mistake_has_its_place(string results, string pointer, string message)
    {
        foreach (var (members, at) in new[]
        {
            ($$$"""  "tools":{"t":{"results":{{{results}}}}}  """, "/tools/t/results"),
            ($$"""  "all_tools":{"results":{{results}}}  """, "/all_tools/results"),
            ($$"""  "resources":{"results":{{results}}}  """, "/resources/results"),
            ($$"""  "prompts":{"results":{{results}}}  """, "/prompts/results"),
        })
        {
            var loaded = Load(Document(members));
            Assert.Null(loaded.Policy);
            Assert.Contains(loaded.Problems, problem => problem.Pointer == at + pointer
                && problem.Message.Contains(message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_condition_on_the_arguments_does_not_look_at_the_result() => Assert.Contains(
        Load(Document("""  "tools":{"t":{"deny_if":[{"path":"result.a","op":"exists"}]}}  """)).Problems,
        problem => problem.Message.Contains("a path begins with \"args\"", StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"redact":[{"path":"result.content[*].text"},{"matches":"a+"},{"known":"secret"}]}""")]
    [InlineData("""{"deny_if":[{"any":[{"path":"result.a","op":"exists"},{"path":"result","op":"exists"}]}]}""")]
    [InlineData("""{"redact":[],"deny_if":[]}""")]
    public void Loads_and_the_published_schema_agrees(string results)
    {
        var document = Document($$$"""  "tools":{"t":{"results":{{{results}}}}}  """);
        Assert.Empty(Load(document).Problems);
        new PublishedSchemaTests().Accepts_what_the_loader_accepts($$$"""  "tools":{"t":{"results":{{{results}}}}}  """);
    }
}
