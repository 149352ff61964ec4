using System.IO.Compression;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Publishing;

namespace Gateway.Catalogue.Tests.Publishing;

public sealed partial class PublishedCatalogueTests
{
    private static readonly string[] ServerMembers = ["name", "package", "repository", "tools", "transport"];
    private static readonly string[] ToolMembers =
        ["class", "confidence", "name", "parameters", "reasons", "risk", "rule"];

    [Fact]
    public void The_shipped_catalogue_contains_no_description_title_or_other_text_of_a_server()
    {
        using var packed = PublishedCatalogue.OpenShipped()!;
        using var lines = new StreamReader(new BrotliStream(packed, CompressionMode.Decompress));
        lines.ReadLine();
        var (servers, tools, reasons) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        while (lines.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            servers.UnionWith(document.RootElement.EnumerateObject().Select(static one => one.Name));
            foreach (var tool in document.RootElement.GetProperty("tools").EnumerateArray())
            {
                tools.UnionWith(tool.EnumerateObject().Select(static one => one.Name));
                Assert.InRange(tool.GetProperty("name").GetString()!.Length, 1, 128);
                foreach (var parameter in Parameters(tool))
                {
                    Assert.DoesNotContain(' ', parameter.Name);
                    Assert.Matches("^(string|number|integer|boolean|object|array|null|any|[|])+[?]?$",
                        parameter.Value.GetString());
                }

                reasons.UnionWith(tool.GetProperty("reasons").EnumerateArray().Select(static one => one.GetString()!));
            }
        }

        Assert.Equal(ServerMembers, servers.Order());
        Assert.Equal(ToolMembers, tools.Order());
        // Reasons are our sentences around single words, so few forms remain without the words.
        Assert.All(reasons.SelectMany(static one => Quoted.Matches(one)), static word =>
            Assert.Matches("^\"[^ ]{1,40}( [^ ]{1,20})?\"$", word.Value));
        Assert.InRange(reasons.Select(static one => Quoted.Replace(one, "")).Distinct().Count(), 1, 1_000);
    }

    [Fact]
    public void A_catalogue_has_no_place_for_a_description() => Assert.Equal(
        ToolMembers,
        typeof(PublishedTool).GetProperties().Select(static one => JsonNamingPolicy.CamelCase.ConvertName(one.Name))
            .Where(static name => name != "equalityContract").Order());

    [Fact]
    public void The_shipped_catalogue_is_searched_without_an_import()
    {
        using var packed = PublishedCatalogue.OpenShipped()!;
        var head = PublishedCatalogue.ReadHead(packed);
        var index = PublicCatalogue.Shipped!;

        var found = index.Search(new SearchQuestion("refund") { ByServer = true });

        Assert.Equal((head.Servers, head.Tools, head.MadeAt), (index.Servers, index.Tools, index.MadeAt));
        Assert.InRange(head.Distinct, 26_000, head.Tools);
        Assert.InRange(packed.Length, 1, PublishedCatalogue.BytesMax);
        Assert.NotEmpty(found.Groups);
        Assert.Contains(found.Tools, static tool => tool.Category == ToolCategory.Financial && tool.Rule is not null);
        Assert.Equal(found.Total, found.Transports.Values.Sum());
        Assert.NotEmpty(index.Search(new SearchQuestion("refnud")).Tools);
    }

    [Fact]
    public void What_is_written_is_found_again()
    {
        using var index = new MemoryStream();

        var head = PublishedCatalogue.Build(Packed(Servers), index);
        var found = CatalogueIndex.Of(index.ToArray()).Search(new SearchQuestion("refund"));

        Assert.Equal(2, head.Servers);
        Assert.Equal(new IndexedServer(
            "acme", null, 1, new ServerOrigin("npm:@acme/mcp", "acme/mcp", KnownTransport.Stdio)),
            CatalogueIndex.Of(index.ToArray()).Search(new SearchQuestion("acme")).Servers[0]);
        Assert.Equal(
            new IndexedTool("acme", "refund", null, null, ToolCategory.Financial, RiskLevel.Critical, 0.98)
            {
                Parameters = "charge: string, amount: integer?",
                Reason = "Its name says \"refund\". Payments may be irreversible.",
                Rule = "spend",
            },
            found.Tools[0]);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[]", "cannot be read")]
    [InlineData("""{"format":"other","version":1}""", "cannot be read")]
    [InlineData("""{"format":"other","version":1,REST}""", "is not a catalogue")]
    [InlineData("""{"format":"policy-gateway-catalogue","version":2,REST}""", "version 2")]
    public void Refuses_content_of_another_format(string lines, string problem)
    {
        const string rest =
            "\"madeAt\":\"2026-11-28T00:00:00Z\",\"classifier\":\"5\",\"servers\":0,\"tools\":0,\"distinct\":0";
        var content = Brotli(lines.Replace("REST", rest, StringComparison.Ordinal));

        var e = Assert.Throws<IndexException>(() => PublishedCatalogue.ReadHead(content));

        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_truncated_catalogue_unsorted_servers_and_unlimited_output()
    {
        var whole = ((MemoryStream)Packed(Servers)).ToArray();
        Assert.All(Enumerable.Range(1, whole.Length - 1), length => Assert.ThrowsAny<IndexException>(
            () => PublishedCatalogue.Build(new MemoryStream(whole, 0, length), new MemoryStream())));
        Assert.Contains("not sorted", Problem(Packed([.. Servers.Reverse()])), StringComparison.Ordinal);
        Assert.Contains("line of over", Problem(Brotli(new string(' ', 9 << 20))), StringComparison.Ordinal);

        static string Problem(Stream from) =>
            Assert.Throws<IndexException>(() => PublishedCatalogue.Build(from, new MemoryStream())).Message;
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted { get; }

    private static readonly PublishedServer[] Servers =
    [
        new("acme",
            [
                new("refund", ToolCategory.Financial, RiskLevel.Critical, 0.98,
                    ["Its name says \"refund\".", "Payments may be irreversible."], "spend",
                    new Dictionary<string, string> { ["charge"] = "string", ["amount"] = "integer?" }),
            ],
            "npm:@acme/mcp", "acme/mcp", "stdio"),
        new("beta", [new("list", ToolCategory.Read, RiskLevel.Low, 0.9, ["It only returns data."], "limit")]),
    ];

    private static MemoryStream Packed(IReadOnlyList<PublishedServer> servers)
    {
        var stream = new MemoryStream();
        PublishedCatalogue.Write(stream, new PublishedHead(
            PublishedCatalogue.Format, PublishedCatalogue.Version, DateTimeOffset.UnixEpoch, "5", servers.Count,
            servers.Sum(static one => one.Tools.Count), 2), servers);
        stream.Position = 0;
        return stream;
    }

    private static MemoryStream Brotli(string text)
    {
        var stream = new MemoryStream();
        using (var packed = new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            packed.Write(System.Text.Encoding.UTF8.GetBytes(text));
        stream.Position = 0;
        return stream;
    }

    private static IEnumerable<JsonProperty> Parameters(JsonElement tool) =>
        tool.TryGetProperty("parameters", out var found) ? found.EnumerateObject() : default;
}
