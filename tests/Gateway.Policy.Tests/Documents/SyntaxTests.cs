using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class SyntaxTests
{
    [Theory]
    [InlineData("", 1, 1, "", "the text ends where a value is expected")]
    [InlineData("  \n ", 2, 2, "", "the text ends where a value is expected")]
    [InlineData("[]", 1, 1, "", "a policy document must be an object, not an array")]
    [InlineData("{\"version\":\"1\",}", 1, 15, "", "a comma before '}' is not JSON: remove it")]
    [InlineData("{\"hide\":[\"a\",]}", 1, 13, "/hide", "a comma before ']' is not JSON")]
    [InlineData("{ // no\n}", 1, 3, "", "comments are not JSON")]
    [InlineData("{\"hide\": /* no */ []}", 1, 10, "/hide", "comments are not JSON")]
    [InlineData("{'a':1}", 1, 2, "", "strings must be in double quotes")]
    [InlineData("{\"a\" 1}", 1, 6, "/a", "expected ':', found '1'")]
    [InlineData("{\"a\":1 \"b\":2}", 1, 8, "", "expected ',' or '}', found '\"'")]
    [InlineData("{\"a\":01}", 1, 6, "/a", "not a JSON number")]
    [InlineData("{\"a\":+1}", 1, 6, "/a", "expected a value, found '+'")]
    [InlineData("{\"a\":1.}", 1, 6, "/a", "not a JSON number")]
    [InlineData("{\"a\":-}", 1, 6, "/a", "not a JSON number")]
    [InlineData("{\"a\":NaN}", 1, 6, "/a", "expected a value, found 'N'")]
    [InlineData("{\"a\":truth}", 1, 6, "/a", "expected a value, found 't'")]
    [InlineData("{\"a\":\"\\x\"}", 1, 7, "/a", "not a JSON escape")]
    [InlineData("{\"a\":\"\\u006\0\"}", 1, 7, "/a", "not a JSON escape")]
    [InlineData("{\"a\":\"x\ny\"}", 1, 8, "/a", "a control character (U+000A)")]
    [InlineData("{\"a\":\"x", 1, 8, "/a", "the text ends inside a string")]
    [InlineData("{\"a\":\"\\ud800\"}", 1, 7, "/a", "half of a surrogate pair")]
    [InlineData("{\"a\":\"\\udc00\\ud800\"}", 1, 7, "/a", "half of a surrogate pair")]
    [InlineData("{\"a\":[1,{\"b/c~\":[}]}]}", 1, 18, "/a/1/b~1c~0/0", "expected a value, found '}'")]
    [InlineData("{\"a\":\"é😀\",}", 1, 11, "", "a comma before")]
    [InlineData("{\r\n\r\"a\"\n:}", 4, 2, "/a", "expected a value")]
    [InlineData("{} {}", 1, 4, "", "more text follows")]
    public void Says_where_the_text_stops_being_JSON(string json, int line, int column, string pointer, string message)
    {
        var loaded = Load(json);
        Assert.Null(loaded.Policy);
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal((line, column, pointer), (problem.Line, problem.Column, problem.Pointer));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_refused()
    {
        var problem = Assert.Single(Load("\uFEFF{}").Problems);
        Assert.Contains("byte order mark", problem.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (problem.Line, problem.Column));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', (byte)'"', 0xC3, (byte)'"' }, 2, 2)]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' }, 1, 2)]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0xAF, (byte)'"' }, 1, 2)]
    public void Bytes_that_are_not_UTF8_are_refused(byte[] bytes, int line, int column)
    {
        var problem = Assert.Single(PolicyLoader.Load(bytes, "p.json").Problems);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Contains("not UTF-8", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_duplicate_key_is_reported_at_any_depth()
    {
        var loaded = Load("""
            {
              "version": "1", "default": "deny",
              "default": "allow",
              "tools": { "a": { "reason": "x",
                "reason": "y" }, "\u0061": {} }
            }
            """);
        Assert.Null(loaded.Policy);
        Assert.Equal(
            [
                "p.json:3:3: error at /default: the key \"default\" occurs twice in this object",
                "p.json:5:5: error at /tools/a/reason: the key \"reason\" occurs twice in this object",
                "p.json:5:22: error at /tools/a: the key \"a\" occurs twice in this object",
            ],
            loaded.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_duplicate_key_among_many_is_found()
    {
        var members = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"t{i}\":{{}}"));
        var problem = Assert.Single(Load(Document($$$"""  "tools":{{{{members}}},"t7":{}}  """)).Problems);
        Assert.Equal("/tools/t7", problem.Pointer);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var depth = PolicyBounds.DocumentDepthMax;
        var problem = Assert.Single(Load(new string('[', depth + 1)).Problems);
        Assert.Equal((1, depth + 1), (problem.Line, problem.Column));
        Assert.Contains("nested deeper than 64 levels", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_is_bounded()
    {
        var loaded = PolicyLoader.Load(new byte[PolicyBounds.DocumentBytesMax + 1], "p.json");
        Assert.Contains("at most 16777216 are", Assert.Single(loaded.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_is_that_of_the_bytes()
    {
        var bytes = Encoding.UTF8.GetBytes(Document(""));
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            PolicyLoader.Load(bytes, "p.json").Policy!.Sha256);
    }
}
