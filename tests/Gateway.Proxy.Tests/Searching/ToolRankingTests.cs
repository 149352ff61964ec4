using Gateway.Proxy.Searching;

namespace Gateway.Proxy.Tests.Searching;

public sealed class ToolRankingTests
{
    [Theory]
    [InlineData("refunds", "create_refund")]
    [InlineData("reimburse", "create_refund")]
    [InlineData("REFUND!", "create_refund")]
    [InlineData("excluir cliente", "excluirCliente")]
    [InlineData("obtener dato", "obtener_datos")]
    [InlineData("查询订单", "query_cn")]
    public void Finds_whatever_the_form_of_the_word(string query, string expected) =>
        Assert.Equal(expected, Best(query)[0]);

    [Theory]
    [InlineData("")]
    [InlineData("the of and")]
    [InlineData("\u200b\ud800 \0")]
    [InlineData("zzzz")]
    public void Finds_nothing_where_no_word_is_shared(string query) => Assert.Empty(Best(query));

    [Fact]
    public void A_name_that_says_it_comes_before_a_text_that_mentions_it() =>
        Assert.Equal("create_refund", Best("refund")[0]);

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"name":"x","description":7,"inputSchema":[],"title":{}}""")]
    [InlineData("""{"name":"x","description":"\ud800","inputSchema":{"properties":{"\udc00":{}}}}""")]
    public void A_definition_that_cannot_be_read_is_found_by_its_name(string definition)
    {
        var tool = SearchableTool.Of("delete_everything", definition);
        Assert.Same(tool, ToolRanking.Best([tool], static one => one, "remove everything").Single());
    }

    [Fact]
    public void A_tool_of_many_words_is_read_in_its_bounds()
    {
        var words = string.Join(' ', Enumerable.Range(0, 100_000).Select(static n => $"word{n}"));
        var tool = SearchableTool.Of("big", JsonSerializer.Serialize(new { name = "big", description = words }));
        Assert.Single(ToolRanking.Best([tool], static one => one, "word1"));
        Assert.Empty(ToolRanking.Best([tool], static one => one, "word99999"));
        Assert.Empty(ToolRanking.Best([tool], static one => one, string.Join(' ', Enumerable.Repeat("none", 50_000))));
    }

    private static List<string> Best(string query) =>
        [.. ToolRanking.Best(All(), static tool => tool, query).Select(static tool => tool.Name)];

    private static List<SearchableTool> All() =>
    [
        Tool("list_payments", "Lists payments, and says of each whether a refund was made for the payment."),
        Tool("create_refund", "Gives money back."),
        Tool("excluirCliente", "Remove um cadastro."),
        Tool("obtener_datos", "Lee datos."),
        Tool("query_cn", "查询订单的状态"),
    ];

    private static SearchableTool Tool(string name, string description) =>
        SearchableTool.Of(name, JsonSerializer.Serialize(new { name, description }));
}
