using System.IO.Compression;
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
        Assert.Contains("version 3", Refused(Changed(8, 3)));
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
    public void Groups_tools_by_server_the_one_with_the_best_tool_first()
    {
        var found = Search(new SearchQuestion("refund") { ByServer = true });
        var one = Search(new SearchQuestion("refund") { ByServer = true, Category = ToolCategory.Read });

        Assert.Equal(
            [("acme/pay", 2), ("beta/crm", 1)], found.Groups.Select(static one => (one.Server.Name, one.Matching)));
        Assert.Equal(["refund", "refund_payment"], found.Groups[0].Tools.Select(static tool => tool.Name));
        Assert.Equal(["beta/crm"], one.Groups.Select(static one => one.Server.Name));
        Assert.Empty(Search("refund").Groups);
    }

    [Fact]
    public void Narrows_by_transport_and_counts_the_other_transports()
    {
        using var stream = new MemoryStream();
        using var builder = new IndexBuilder(stream);
        builder.BeginServer("a", null, new ServerOrigin("npm:@acme/a", "acme/a", KnownTransport.Stdio));
        builder.Add(Tools[0] with { Server = "a", Parameters = "charge: string", Rule = "approve", Reason = "Pays." });
        builder.BeginServer("b", null, new ServerOrigin(null, null, KnownTransport.Http));
        builder.Add(Tools[1] with { Server = "b" });
        builder.Add(Tools[4] with { Server = "b" });
        builder.Finish(DateTimeOffset.UnixEpoch, isPublished: true);
        var index = CatalogueIndex.Of(stream.ToArray());

        var all = index.Search(new SearchQuestion("refund"));
        var http = index.Search(new SearchQuestion("") { Transport = KnownTransport.Http, Risk = RiskLevel.Critical });
        var byParameter = index.Search(new SearchQuestion("charge")).Tools;

        Assert.True(index.IsPublished);
        Assert.Equal((1, 2), (all.Transports[KnownTransport.Stdio], all.Transports[KnownTransport.Http]));
        Assert.Equal(["refund_payment"], http.Tools.Select(static tool => tool.Name));
        Assert.Equal((1, 1), (http.Transports[KnownTransport.Stdio], http.Transports[KnownTransport.Http]));
        Assert.Equal((0, 1), (http.Categories[ToolCategory.Read], http.Categories[ToolCategory.Financial]));
        Assert.Equal((1, 1), (http.Risks[RiskLevel.Low], http.Risks[RiskLevel.Critical]));
        Assert.Equal("npm:@acme/a", index.Search(new SearchQuestion("acme")).Servers[0].Origin.Package);
        Assert.Equal(("charge: string", "approve", "Pays."),
            (byParameter[0].Parameters, byParameter[0].Rule, byParameter[0].Reason));
    }

    [Fact]
    public void An_index_of_the_previous_version_is_still_searched()
    {
        using var packed = new GZipStream(
            new MemoryStream(Convert.FromBase64String(PreviousVersion)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);

        var found = CatalogueIndex.Of(bytes.ToArray()).Search(new SearchQuestion("acme"));

        Assert.Equal(["get_balance", "refund_payment"], found.Tools.Select(static tool => tool.Name).Order());
        Assert.Equal("Gives money back.", found.Tools.Single(static tool => tool.Title == "Refund").Description);
        Assert.Equal(new IndexedServer("acme/pay", "Pays.", 2, ServerOrigin.Unknown), found.Servers[0]);
    }

    [Fact]
    public void An_index_of_nothing_is_searched_too()
    {
        var found = Index([]).Search(new SearchQuestion("refund"));

        Assert.Equal(0, found.Total);
        Assert.Empty(found.Servers);
    }

    /// <summary>An index of format version 1, compressed.</summary>
    private const string PreviousVersion =
        "H4sIAAAAAAACA3MPd/Z0iTAwZGSAgG9QhkMUtwCINvZ4q7wIKMYMlYep40Ljn4XSt6E0B5ROYMAO5r7enw2iPYFY3IOBIaXktu+F"
        + "Cxwvp3iktiip2XY6iTGqtha/VdJ/bnXnk/wFi//+zHMW571b6vWZPyLpd+D/K+kG673/rpfbpVkSHZ850f9n0DWGKeysrBz8/Bwc"
        + "QJqbhRvmpAtQ+iKUvgSlL0PpK1D6KpS+AaVvQulbaF5jhnobHaOLs0CDgR+IhUDeBGIZIJYHYjUg1gJiA6Tgig92SEzOTdUvSKxM"
        + "ZEhmyGVIZUhiALGywXQOEOcBeakM6UBcAiQzGcqArGKgynygTCpDJUMBUA2MBOnPA6qD8IoZioD8NIZSoFgKAwCtEJBC9gEAAA==";

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
