using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Indexing;

namespace Gateway.Catalogue.Tests.Indexing;

public sealed class CatalogueIndexTests
{
    [Fact]
    public void Finds_the_tools_that_have_all_words_the_best_first()
    {
        var found = Search("refund payment");

        Assert.Equal(["refund_payment", "refund", "list_refunds"], found.Tools.Select(static tool => tool.Name));
        Assert.Equal(3, found.Total);
    }

    [Fact]
    public void A_word_that_is_only_begun_finds_too()
    {
        Assert.Equal(["getInvoice"], Search("invoi").Tools.Select(static tool => tool.Name));
        Assert.Empty(Search("oice").Tools);
    }

    [Theory]
    [InlineData("reufnd payment")] // swapped
    [InlineData("refnd payment")] // missing
    [InlineData("refuund payment")] // one too many
    [InlineData("refind payment")] // another
    [InlineData("refund pamyentt")] // two errors in a word of eight letters or more
    public void A_mistyped_word_finds_the_nearest_words(string asked) =>
        Assert.Equal("refund_payment", Search(asked).Tools[0].Name);

    [Theory]
    [InlineData("rfd")] // too short to be corrected
    [InlineData("rfnud")] // two errors in a short word
    [InlineData("refund pyent")]
    public void A_word_with_too_many_errors_finds_nothing(string asked) => Assert.Empty(Search(asked).Tools);

    [Fact]
    public void A_word_that_is_there_does_not_find_the_words_near_to_it() =>
        Assert.Equal(["list_refunds"], Search("refunds").Tools.Select(static tool => tool.Name));

    [Fact]
    public void Finds_by_the_name_of_the_server()
    {
        Assert.Equal(["refund", "refund_payment"], Search("acme refund").Tools.Select(static tool => tool.Name));
        Assert.Equal(["acme/pay"], Search("acme").Servers.Select(static server => server.Name));
    }

    [Fact]
    public void Narrows_by_server_category_and_risk_and_counts_what_else_there_is()
    {
        var all = Search("");
        var one = Search(new SearchQuestion("") { Category = ToolCategory.Financial });
        var other = Search(new SearchQuestion("") { Server = "beta/crm", Risk = RiskLevel.Low });

        Assert.Equal(5, all.Total);
        Assert.Equal(2, one.Total);
        Assert.Equal(all.Categories, one.Categories);
        Assert.Equal(2, one.Risks[RiskLevel.Critical]);
        Assert.Equal(0, one.Risks[RiskLevel.Low]);
        Assert.Equal(["getInvoice", "list_refunds"], other.Tools.Select(static tool => tool.Name).Order());
        Assert.Equal([new KeyValuePair<string, int>("beta/crm", 3), new("acme/pay", 2)], all.TopServers);
        Assert.Empty(Search(new SearchQuestion("") { Server = "nobody" }).Tools);
    }

    [Fact]
    public void Shows_no_server_that_may_not_be_seen()
    {
        var found = Search(new SearchQuestion("refund") { May = static server => server != "beta/crm" });

        Assert.Equal(["acme/pay"], found.Tools.Select(static tool => tool.Server).Distinct());
        Assert.Equal(2, found.Total);
        Assert.DoesNotContain(found.TopServers, static one => one.Key == "beta/crm");
    }

    [Theory]
    [InlineData("refund", "Refunds a refundable payment.", "Refunds|refundable")]
    [InlineData("invoice", "getInvoiceById", "Invoice")]
    [InlineData("cancelacion", "La cancelación del pedido", "cancelación")]
    [InlineData("查询", "查询订单", "查|询")]
    [InlineData("id", "an idea with an id", "id")]
    public void Says_where_the_words_stand(string asked, string text, string marked)
    {
        var ranges = new SearchQuestion(asked).Mark(text);

        Assert.Equal(marked.Split('|'), ranges.Select(range => text.Substring(range.Start, range.Length)));
    }

    [Fact]
    public void Agrees_with_a_plain_search_over_random_tools()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] words = ["send", "sent", "sender", "mail", "list", "a", "to", "refund", "查询", "año"];
        string Text(int count) => string.Join('_', random.GetItems(words, count));
        var tools = Enumerable.Range(0, 400).Select(at => new IndexedTool(
            $"s{at / 7:d3}", $"{Text(2)}_{at}", null, random.Next(4) == 0 ? null : Text(3),
            (ToolCategory)random.Next(5), (RiskLevel)random.Next(4), 0.5)).ToList();
        var index = Index(tools);
        for (var round = 0; round < 200; round++)
        {
            var asked = Text(random.Next(1, 4)).Replace('_', ' ');
            var question = new SearchQuestion(asked)
            {
                Limit = SearchQuestion.ShownMax,
                Category = random.Next(3) == 0 ? (ToolCategory)random.Next(5) : null,
                Risk = random.Next(3) == 0 ? (RiskLevel)random.Next(4) : null,
            };
            var expected = tools.Where(tool => (question.Category ?? tool.Category) == tool.Category
                && (question.Risk ?? tool.Risk) == tool.Risk
                && question.Words.All(word => IndexWords.Of($"{tool.Server} {tool.Name} {tool.Description}", 1000)
                    .Any(has => IndexWords.Finds(word, has)))).ToList();

            var found = index.Search(question);

            Assert.True(expected.Count == found.Total, $"seed {seed}: \"{asked}\"");
            Assert.Equal(Math.Min(expected.Count, SearchQuestion.ShownMax), found.Tools.Count);
            Assert.Subset(expected.ToHashSet(), found.Tools.ToHashSet());
            Assert.Equal(
                expected.Count,
                question.Category is { } one ? found.Categories[one] : found.Categories.Values.Sum());
        }
    }

    [Fact]
    public void A_truncated_damaged_or_incompatible_index_is_reported_with_a_remedy()
    {
        using var folder = new TestFolder("gateway-index-");
        var path = Path.Combine(folder.Path, "index");
        var whole = Bytes(Tools);
        Assert.Equal(5, Opened(whole).Tools);
        foreach (var length in new[] { 0, 1, 127, 128, whole.Length / 2, whole.Length - 1 })
            Assert.Contains("gateway catalogue import", Refused(whole[..length]));
        Assert.Contains("cut off", Refused(whole[..^1]));
        Assert.Contains("version 2", Refused(Changed(8, 2)));
        for (var at = 0; at < whole.Length; at += 7)
            Refused(Changed(at, (byte)(whole[at] ^ 0x10)));

        CatalogueIndex Opened(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            return CatalogueIndex.Open(path);
        }

        string Refused(byte[] bytes) => Assert.Throws<IndexException>(() => Opened(bytes)).Message;

        byte[] Changed(int at, byte value)
        {
            var bytes = whole.ToArray();
            bytes[at] = value;
            return bytes;
        }
    }

    [Fact]
    public void An_index_that_is_cut_off_while_it_is_open_is_an_error_and_not_the_end()
    {
        using var folder = new TestFolder("gateway-index-");
        var path = Path.Combine(folder.Path, "index");
        File.WriteAllBytes(path, Bytes(Tools));
        var index = CatalogueIndex.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(200);

        Assert.Throws<IndexException>(() => index.Search(new SearchQuestion("refund")));
    }

    [Fact]
    public void An_index_of_nothing_is_searched_too()
    {
        var found = Index([]).Search(new SearchQuestion("refund"));

        Assert.Equal(0, found.Total);
        Assert.Empty(found.Servers);
    }

    private static readonly IndexedTool[] Tools =
    [
        new("acme/pay", "refund", null, "Gives a payment back.", ToolCategory.Financial, RiskLevel.Critical, 0.95),
        new("acme/pay", "refund_payment", "Refund", "Gives money back.", ToolCategory.Financial,
            RiskLevel.Critical, 0.8),
        new("beta/crm", "delete_customer", null, null, ToolCategory.Destructive, RiskLevel.Critical, 0.8),
        new("beta/crm", "getInvoice", null, "Shows one.", ToolCategory.Read, RiskLevel.Low, 0.8),
        new("beta/crm", "list_refunds", null, "Each with its payment.", ToolCategory.Read, RiskLevel.Low, 0.8),
    ];

    private static SearchAnswer Search(string text) => Search(new SearchQuestion(text));

    private static SearchAnswer Search(SearchQuestion question) => Index(Tools).Search(question);

    private static CatalogueIndex Index(IEnumerable<IndexedTool> tools) => CatalogueIndex.Of(Bytes(tools));

    private static byte[] Bytes(IEnumerable<IndexedTool> tools)
    {
        using var stream = new MemoryStream();
        using var builder = new IndexBuilder(stream);
        foreach (var server in tools.GroupBy(static tool => tool.Server))
        {
            builder.BeginServer(server.Key, null);
            foreach (var tool in server)
                builder.Add(tool);
        }

        builder.Finish(DateTimeOffset.UnixEpoch);
        return stream.ToArray();
    }
}
