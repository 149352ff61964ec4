using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class MemberTests
{
    [Theory]
    [InlineData("{}", 1, 1, "", "\"version\" is missing in a policy document: write \"version\": \"1\"")]
    [InlineData("""{"version":"1"}""", 1, 1, "", "\"default\" is missing")]
    [InlineData("""{"version":1,"default":"deny"}""", 1, 12, "/version", "must be the string \"1\", not the number 1")]
    [InlineData("""{"version":"2","default":"deny"}""", 1, 12, "/version", "write \"1\"")]
    [InlineData("""{"version":"1","default":"Deny"}""", 1, 26, "/default", "not \"Deny\"; did you mean \"deny\"?")]
    [InlineData("""{"version":"1","default":true}""", 1, 26, "/default", "one of \"allow\", \"deny\", not true")]
    [InlineData("""{"version":"1","default":"deny","tool":{}}""", 1, 33, "/tool", "did you mean \"tools\"?")]
    [InlineData("""{"version":"1","default":"deny","Tools":{}}""", 1, 33, "/Tools", "did you mean \"tools\"?")]
    [InlineData("""{"version":"1","default":"deny","xyzzy":{}}""", 1, 33, "/xyzzy", "has no member \"xyzzy\"")]
    [InlineData("""{"version":"1","default":"deny","description":1}""", 1, 47, "/description", "must be a string")]
    [InlineData("""{"version":"1","default":"deny","extensions":"a/b"}""", 1, 46, "/extensions", "must be an array")]
    [InlineData("""{"version":"1","default":"deny","extensions":["tasks"]}""", 1, 47, "/extensions/0", "with a prefix")]
    [InlineData("""{"version":"1","default":"deny","extensions":["a/b","a/b"]}""", 1, 53, "/extensions/1", "twice")]
    [InlineData("""{"version":"1","default":"deny","extensions":[1]}""", 1, 47, "/extensions/0", "is a string")]
    [InlineData("""{"version":"1","default":"deny","apps":[]}""", 1, 40, "/apps", "must be an object")]
    [InlineData("""{"version":"1","default":"deny","apps":{"allow":"no"}}""", 1, 49, "/apps/allow", "true or false")]
    [InlineData("""{"version":"1","default":"deny","apps":{"hosts":[]}}""", 1, 41, "/apps/hosts", "no member \"hosts\"")]
    [InlineData("""{"version":"1","default":"deny","apps":{"csp":{"connectDomains":["a.com"]}}}""",
        1, 66, "/apps/csp/connectDomains/0", "not an origin")]
    [InlineData("""{"version":"1","default":"deny","apps":{"csp":{"connectDomains":["https://a.com/x"]}}}""",
        1, 66, "/apps/csp/connectDomains/0", "not an origin")]
    [InlineData("""{"version":"1","default":"deny","apps":{"csp":{"scriptDomains":[]}}}""",
        1, 48, "/apps/csp/scriptDomains", "no member \"scriptDomains\"")]
    [InlineData("""{"version":"1","default":"deny","apps":{"permissions":["Camera"]}}""",
        1, 56, "/apps/permissions/0", "did you mean \"camera\"?")]
    [InlineData("""{"version":"1","default":"deny","apps":{"permissions":["camera","camera"]}}""",
        1, 65, "/apps/permissions/1", "twice")]
    public void Top_level(string json, int line, int column, string pointer, string message) =>
        AssertOneOf(json, line, column, pointer, message);

    [Theory]
    [InlineData("\"mode\":\"shade\"", 1, 40, "/mode", "did you mean \"shadow\"?")]
    [InlineData("\"hide\":\"a\"", 1, 40, "/hide", "must be an array, not a string")]
    [InlineData("\"hide\":[1]", 1, 41, "/hide/0", "must be a string, not the number 1")]
    [InlineData("\"hide\":[\"\"]", 1, 41, "/hide/0", "an empty name matches nothing")]
    [InlineData("\"tools\":[]", 1, 41, "/tools", "must be an object of entries by tool name")]
    [InlineData("\"tools\":{\"\":{}}", 1, 42, "/tools/", "an empty name matches nothing")]
    [InlineData("\"tools\":{\"a\":true}", 1, 46, "/tools/a", "a tool entry must be an object, not true")]
    [InlineData("\"tools\":{\"a\":null}", 1, 46, "/tools/a", "a tool entry must be an object, not null")]
    [InlineData("\"tools\":{\"a\":{\"acton\":1}}", 1, 47, "/tools/a/acton", "did you mean \"action\"?")]
    [InlineData("\"tools\":{\"a\":{\"rateLimit\":1}}", 1, 47, "/tools/a/rateLimit", "did you mean \"rate_limit\"?")]
    [InlineData("\"tools\":{\"a\":{\"action\":\"block\"}}", 1, 56, "/tools/a/action", "must be one of \"allow\"")]
    [InlineData("\"tools\":{\"a\":{\"action\":\"rate_limit\"}}", 1, 47, "/tools/a/action", "needs a limit")]
    [InlineData("\"tools\":{\"a\":{\"reason\":5}}", 1, 56, "/tools/a/reason", "must be a string, not the number 5")]
    [InlineData("\"tools\":{\"a/b\":{\"~x\":5}}", 1, 49, "/tools/a~1b/~0x", "has no member \"~x\"")]
    [InlineData("\"tools\":{\"a\":{\"rounds\":17}}", 1, 56, "/tools/a/rounds", "a whole number from 0 to 16")]
    [InlineData("\"tools\":{\"a\":{\"rounds\":-1}}", 1, 56, "/tools/a/rounds", "a whole number from 0 to 16")]
    [InlineData("\"tools\":{\"a\":{\"rounds\":1.5}}", 1, 56, "/tools/a/rounds", "a whole number from 0 to 16")]
    [InlineData("\"tools\":{\"a\":{\"rounds\":\"3\"}}", 1, 56, "/tools/a/rounds", "not a string")]
    [InlineData("\"all_tools\":{\"rounds\":1}", 1, 46, "/all_tools/rounds", "has no member \"rounds\"")]
    [InlineData("\"all_tools\":{\"limit\":[]}", 1, 46, "/all_tools/limit", "did you mean \"limits\"?")]
    [InlineData("\"resources\":{\"default\":\"no\"}", 1, 56, "/resources/default", "must be one of")]
    [InlineData("\"resources\":{\"allows\":[]}", 1, 46, "/resources/allows", "did you mean \"allow\"?")]
    [InlineData("\"prompts\":{\"deny\":[{}]}", 1, 52, "/prompts/deny/0", "must be a string, not an object")]
    [InlineData("\"prompts\":[]", 1, 43, "/prompts", "\"prompts\" must be an object")]
    public void Members(string members, int line, int column, string pointer, string message) =>
        AssertOneOf(Document(members), line, column, pointer, message);

    [Fact]
    public void All_problems_are_reported_in_the_order_of_the_document()
    {
        var loaded = Load("""
            {
              "version": "3",
              "tools": {
                "a": { "limits": [ { "counter": "c", "window": "fortnight", "max": -1, "scop": "grant" } ] },
                "b": { "action": "permit" }
              },
              "defualt": "deny"
            }
            """);
        Assert.Equal(
            ["", "/version", "/tools/a/limits/0/window", "/tools/a/limits/0/max", "/tools/a/limits/0/scop",
                "/tools/b/action", "/defualt"],
            loaded.Problems.Select(p => p.Pointer));
        Assert.All(loaded.Problems, p => Assert.Equal(ProblemSeverity.Error, p.Severity));
    }

    [Fact]
    public void The_number_of_problems_is_bounded()
    {
        var members = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"t{i}\":1"));
        Assert.Equal(PolicyBounds.ProblemsMax, Load(Document($$$"""  "tools":{{{{members}}}}  """)).Problems.Length);
    }

    [Theory]
    [InlineData("""  "description":"d","$schema":"x","mode":"enforce"  """)]
    [InlineData("""  "hide":[],"all_tools":{},"tools":{},"resources":{},"prompts":{}  """)]
    [InlineData("""  "hide":["*"],"resources":{"default":"allow","allow":["file:///*"],"deny":["*?x=*"]}  """)]
    [InlineData("""  "tools":{"a":{"action":"rate_limit","rate_limit":{"max":1,"window":"6h"}}}  """)]
    public void Loads(string members)
    {
        var loaded = Load(Document(members));
        Assert.Empty(loaded.Problems);
        Assert.NotNull(loaded.Policy);
    }

    internal static void AssertOneOf(string json, int line, int column, string pointer, string message)
    {
        var loaded = Load(json);
        Assert.Null(loaded.Policy);
        Assert.Contains(loaded.Problems, p =>
            (p.Severity, p.Line, p.Column, p.Pointer) == (ProblemSeverity.Error, line, column, pointer)
            && p.Message.Contains(message, StringComparison.Ordinal));
    }
}
