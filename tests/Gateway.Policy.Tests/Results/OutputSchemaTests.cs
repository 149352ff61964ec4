using Gateway.Policy.Results;

namespace Gateway.Policy.Tests.Results;

public class OutputSchemaTests
{
    private const string Tool = """{"name":"t","outputSchema":{"type":"object","required":["id"]}}""";

    [Theory]
    [InlineData("""{"result":{"structuredContent":{"id":1}}}""", true)]
    [InlineData("""{"result":{"structuredContent":{"no":1}}}""", false)]
    [InlineData("""{"result":{"content":[]}}""", true)]
    public void Structured_content_has_to_fit_where_there_is_any(string answer, bool fits)
    {
        var schema = OutputSchema.OfTool(Encoding.UTF8.GetBytes(Tool));

        Assert.Equal("t", schema!.Name);
        Assert.Equal(fits, schema.Fits(Encoding.UTF8.GetBytes(answer), new WorkBudget()));
    }

    [Theory]
    [InlineData("""{"name":"t"}""")]
    [InlineData("""{"outputSchema":{}}""")]
    [InlineData("""{"name":1,"outputSchema":{}}""")]
    [InlineData("""{"name":"outputSchema"}""")]
    [InlineData("""["outputSchema"]""")]
    [InlineData("""{"name":"t","outputSchema":""")]
    public void A_tool_that_says_nothing_of_its_answers_has_none(string tool) =>
        Assert.Null(OutputSchema.OfTool(Encoding.UTF8.GetBytes(tool)));

    [Fact]
    public void A_tool_that_takes_too_much_of_a_list_has_none() => Assert.Null(OutputSchema.OfTool(
        Encoding.UTF8.GetBytes(Tool.Replace("\"t\"", $"\"{new string('t', 65_536)}\"", StringComparison.Ordinal))));

    [Fact]
    public void A_schema_that_cannot_be_checked_here_refuses_nothing()
    {
        var schema = OutputSchema.OfTool("""{"name":"t","outputSchema":{"$ref":"https://example.org/x"}}"""u8);

        Assert.True(schema!.Fits("""{"result":{"structuredContent":[]}}"""u8, new WorkBudget()));
    }

    [Fact]
    public void Knows_the_entry_that_it_was_read_from()
    {
        var schema = OutputSchema.OfTool(Encoding.UTF8.GetBytes(Tool));

        Assert.True(schema!.IsOf(Encoding.UTF8.GetBytes(Tool)));
        Assert.False(schema.IsOf(Encoding.UTF8.GetBytes(Tool + " ")));
    }
}
