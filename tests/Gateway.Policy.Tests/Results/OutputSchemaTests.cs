using Gateway.Policy.Results;

namespace Gateway.Policy.Tests.Results;

public class OutputSchemaTests
{
    private const string Tool = """{"name":"t","outputSchema":{"type":"object","required":["id"]}}""";

    [Theory]
    [InlineData("""{"result":{"structuredContent":{"id":1}}}""", null)]
    [InlineData("""{"result":{"structuredContent":{"no":1}}}""", "(result no longer fits)")]
    [InlineData("""{"result":{"content":[]}}""", null)]
    public void Structured_content_has_to_fit_where_there_is_any(string answer, string? rule) =>
        Assert.Equal(rule, Check(Tool, answer)?.Rule);

    [Theory]
    [InlineData("""{"name":"t"}""")]
    [InlineData("""{"outputSchema":{}}""")]
    [InlineData("""{"name":1,"outputSchema":{}}""")]
    [InlineData("""{"name":"u","outputSchema":{}}""")]
    [InlineData("""{"name":"outputSchema"}""")]
    public void A_tool_that_says_nothing_of_its_answers_has_none(string tool) =>
        Assert.Null(OutputSchema.OfTool("t", Encoding.UTF8.GetBytes(tool)));

    [Theory]
    [InlineData("""{"unevaluatedProperties":false,"properties":{"a":true}}""", """{"a":1}""", null)]
    [InlineData("""{"unevaluatedProperties":false,"properties":{"a":true}}""", """{"a":1,"b":2}""",
        "After the policy's redactions")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","required":["a"],"x":1}""", """{"a":1}""",
        null)]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","required":["a"]}""", """{"b":1}""",
        "After the policy's redactions")]
    [InlineData("""{"discriminator":{},"nullable":true,"type":"object"}""", "{}", null)]
    [InlineData("""{"$schema":"https://example.org/own"}""", "{}", "cannot check the rest")]
    [InlineData("""{"$ref":"https://example.org/x"}""", "{}", "is not in this schema")]
    [InlineData("""{"properties":{"a":{"$dynamicRef":"#x"}}}""", "{}", "at /properties/a/$dynamicRef")]
    [InlineData("""{"items":[{}],"additionalItems":false}""", "[]", "cannot check the rest")]
    [InlineData("""{"dependencies":{"a":["b"]}}""", "{}", "\"dependencies\" is not supported")]
    [InlineData("""{"type":"thing"}""", "{}", "cannot check the rest")]
    public void Output_schema_keyword_is_evaluated_or_denies(string schema, string content, string? reason)
    {
        var denial = Check(
            $$"""{"name":"t","outputSchema":{{schema}}}""", $$"""{"result":{"structuredContent":{{content}} } }""");
        Assert.Equal(reason is null, denial is null);
        Assert.Contains(reason ?? "", denial?.Reason ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"t","outputSchema":{},"outputSchema":{"type":"object"}}""", "ambiguous JSON")]
    [InlineData("""{"name":"t","outputSchema":""", "ambiguous JSON")]
    [InlineData("""{"name":"t","description":"#","outputSchema":{}}""", "longer than 65536 bytes")]
    public void Tool_that_cannot_be_read_denies_what_it_may_describe(string tool, string reason)
    {
        var longer = tool.Replace("#", new string('d', 65_536), StringComparison.Ordinal);
        var denial = Check(longer, """{"result":{"structuredContent":{}}}""");
        Assert.Contains(reason, denial!.Reason, StringComparison.Ordinal);
        Assert.Null(Check(longer, """{"result":{"content":[]}}"""));
    }

    [Fact]
    public void Knows_the_entry_that_it_was_read_from()
    {
        var schema = OutputSchema.OfTool("t", Encoding.UTF8.GetBytes(Tool));

        Assert.True(schema!.IsOf(Encoding.UTF8.GetBytes(Tool)));
        Assert.False(schema.IsOf(Encoding.UTF8.GetBytes(Tool + " ")));
    }

    private static ResultDenial? Check(string tool, string answer) =>
        OutputSchema.OfTool("t", Encoding.UTF8.GetBytes(tool))!.Check(Encoding.UTF8.GetBytes(answer), new WorkBudget());
}
