namespace Gateway.Server.Tests.Commands;

/// <summary><c>gateway catalogue export</c>: static pages about tools whose definitions are hostile.</summary>
public sealed class CatalogueExportTests : IAsyncLifetime
{
    private const string Policy = """{ "version": "1", "default": "deny", "tools": { "get_customer": {} } }""";
    private const string Markup = "<img src=x onerror=alert(1)>";
    private static readonly string[] Hostile =
    [
        Markup, "../../etc/passwd", "CON", "Get_Customer", "a\"b'c`d", new('x', 120), "{{title}}",
    ];

    private InventoryBench _bench = null!;

    public async Task InitializeAsync() => _bench = await InventoryBench.StartAsync(
        Policy, TimeSpan.Zero,
        [
            ChangingServer.Tool("get_customer"),
            ChangingServer.Tool(
                "pay_invoice", "Pays an invoice; `amount` and the receiver's account are required."),
            .. Hostile.Select(static name => new JsonObject
            {
                ["name"] = name,
                ["description"] = "</div></main><script>alert(2)</script>\u202Eevil\u001B[2J\u200B ]]> --> ${7*7}",
                ["inputSchema"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject { ["</code><script>alert(3)</script>"] = new JsonObject() },
                },
            }.ToJsonString()),
        ]);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Page_has_every_part_and_the_facts_of_the_tool()
    {
        for (var i = 0; i < 3; i++)
            Assert.Null(await _bench.CallAsync("get_customer"));
        Assert.NotNull(await _bench.CallAsync("pay_invoice"));

        var pages = await ExportAsync("--tool", "get_customer");

        Assert.Equal(["index.html", "tool-get_customer.html"], pages.Keys);
        var html = pages["tool-get_customer.html"];
        foreach (var part in (string[])[
            "What it does", "Category and risk", "Evidence", "Recommended policy",
            "Effect on the calls of the last week", "Use this policy", "Attack patterns", "Related tools",
            "Tools of other servers for the same purpose", "Other tools of this server, by risk",
            "Schema", "Definition", "History",
            "Questions and answers"])
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }

        Assert.Contains("Looks up one customer.", html, StringComparison.Ordinal);
        Assert.Contains("Of 3 calls in the last 7 days, 3 would be decided as before", html, StringComparison.Ordinal);
        // The rule, the answer and the refusal that it causes state one limit.
        Assert.Contains("&quot;max&quot;: 120", html, StringComparison.Ordinal);
        Assert.Contains("120 a minute for each grant", html, StringComparison.Ordinal);
        Assert.Contains("Policy violation: Counter", html, StringComparison.Ordinal);
        Assert.Contains("0 of 120 left in this window (60s)", html, StringComparison.Ordinal);
        Assert.Contains(
            "3 grants may call it: agent, old, other. 1 grant may not call it: nopolicy.", html,
            StringComparison.Ordinal);
        Assert.Contains("First listed by the server", html, StringComparison.Ordinal);
        Assert.Contains("SAFE-MCP SAFE-T1001", html, StringComparison.Ordinal);
        Assert.Contains("It applies because", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"badge Low\">", html, StringComparison.Ordinal);
        Assert.Equal(6, html.Split("<dt>").Length - html.Split("<dt>").TakeWhile(static one =>
            !one.Contains("class=\"answers\"", StringComparison.Ordinal)).Count() - 1);
    }

    [Fact]
    public async Task Hostile_definitions_stay_text_and_invisible_characters_are_shown()
    {
        var pages = await ExportAsync();

        Assert.True(pages.Count > 2);
        foreach (var (file, html) in pages)
        {
            Assert.True(html.Split("<script>").Length == 2, file);
            Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\u202E", html, StringComparison.Ordinal);
            Assert.DoesNotContain("\u001B", html, StringComparison.Ordinal);
            Assert.DoesNotContain("\u200B", html, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'; style-src 'sha256-", html, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe-inline", html, StringComparison.Ordinal);
            // Nothing is loaded: the only addresses are those of the other pages.
            Assert.All(Links(html), link => Assert.Contains(link, (IEnumerable<string>)pages.Keys));
            Assert.DoesNotContain("src=\"", html, StringComparison.Ordinal);
        }

        var markup = pages.Single(static page => page.Value.Contains("<h1><bdi>&lt;img", StringComparison.Ordinal));
        Assert.Contains("U+202E", markup.Value, StringComparison.Ordinal);
        Assert.Contains("U+001B", markup.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_names_are_safe_and_unique_and_the_index_links_to_every_page()
    {
        var pages = await ExportAsync();

        var index = pages["index.html"];
        Assert.All(pages.Keys, static file => Assert.Matches(
            "^(index|tool-[a-z0-9_-]*([.][0-9a-f]{16})?)[.]html$", file));
        Assert.Equal(pages.Count, pages.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(pages.Keys.Where(static file => file != "index.html").Order(), Links(index)
            .Order());
        Assert.All(
            pages.Values.Where(page => page != index), static page => Assert.Contains("index.html", Links(page)));
    }

    [Fact]
    public async Task Two_exports_are_equal_byte_for_byte_and_show_what_is_unknown()
    {
        var first = await ExportAsync();
        var second = await ExportAsync();

        // The gateway may list the tools again between the two.
        Assert.Equal(WithoutTimes(first), WithoutTimes(second));
        Assert.Contains(
            "The audit log has no call of this tool in the last 7 days.", first["tool-pay_invoice.html"],
            StringComparison.Ordinal);
    }

    private static Dictionary<string, string> WithoutTimes(IReadOnlyDictionary<string, string> pages) =>
        pages.ToDictionary(static page => page.Key, static page => Regex.Replace(
            page.Value, " from the list of [^<]*(<time[^>]*>[^<]*</time>)?", " from the list"));

    [Fact]
    public async Task Without_the_role_to_evaluate_the_pages_say_so()
    {
        await _bench.AskAsync("operators", "POST", new JsonObject
        {
            ["name"] = "vic",
            ["roles"] = new JsonArray("viewer"),
        });
        var (_, key) = await _bench.AskAsync(
            "operators/vic/keys", "POST", new JsonObject { ["name"] = "test" });

        var pages = await ExportAsAsync((string)key["key"]!, "--tool", "get_customer");

        Assert.Contains("Not evaluated: ", pages["tool-get_customer.html"], StringComparison.Ordinal);
    }

    private Task<SortedDictionary<string, string>> ExportAsync(params string[] more) =>
        ExportAsAsync(InventoryBench.Key, more);

    private async Task<SortedDictionary<string, string>> ExportAsAsync(string key, params string[] more)
    {
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, _bench.Address, key);
        var target = Path.Combine(folder.Path, "pages");
        var done = await cli.RunAsync(["catalogue", "export", "--server", "srv", "--out", target, .. more]);
        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.Empty(Directory.GetDirectories(target));
        return new(
            Directory.GetFiles(target).ToDictionary(
                static file => Path.GetFileName(file), static file => File.ReadAllText(file)), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Links(string html) =>
        Regex.Matches(html, "href=\"([^\"]*)\"").Select(static one => one.Groups[1].Value).Distinct();
}
