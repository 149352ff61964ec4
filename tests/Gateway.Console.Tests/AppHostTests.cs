namespace Gateway.Console.Tests;

/// <summary>The official example servers of apps, through the gateway, in a host in Chromium.</summary>
public sealed class AppHostTests(AppBench bench) : IClassFixture<AppBench>
{
    private const string Fetch = $"() => fetch('{AppBench.Origin}/x').then(r => r.text(), () => 'blocked')";

    [BrowserTheory(WithNode = true)]
    [InlineData("time")]
    [InlineData(null)]
    public async Task An_app_renders_and_calls_its_server_at_both_addresses(string? server)
    {
        var (page, _) = await bench.ConnectAsync("open", server);

        var shown = await AppBench.ShowAsync(page, server is null ? "time__get-time" : "get-time");
        var app = AppBench.FrameOf(page);
        var time = app.Locator("#server-time");
        await Assertions.Expect(time).ToContainTextAsync("20");
        var before = await time.TextContentAsync();
        await app.GetByRole(AriaRole.Button, new() { Name = "Get Server Time" }).ClickAsync();
        await Assertions.Expect(time).Not.ToHaveTextAsync(before!);

        Assert.False(shown.GetProperty("isError").GetBoolean());
        Assert.True(shown.GetProperty("isListed").GetBoolean());
        Assert.Equal(shown.GetProperty("uri").GetString(), shown.GetProperty("contentUri").GetString());
        Assert.Contains("connect-src 'none'", shown.GetProperty("csp").GetString(), StringComparison.Ordinal);
    }

    [BrowserFact(WithNode = true)]
    public async Task The_budget_allocator_draws_its_data()
    {
        var (page, _) = await bench.ConnectAsync("open", "budget");

        await AppBench.ShowAsync(page, "get-budget-data");

        await Assertions.Expect(AppBench.FrameOf(page).Locator("input[type=range]").First).ToBeVisibleAsync();
    }

    [BrowserTheory(WithNode = true)]
    [InlineData("open", "pdf", "", "blocked")]
    [InlineData("listed", "pdf", "clipboard-write", "real")]
    [InlineData("open", null, "", "blocked")]
    [InlineData("listed", null, "clipboard-write", "real")]
    public async Task An_app_reaches_its_origins_only_if_the_policy_lists_them(
        string grant, string? server, string allow, string fetched)
    {
        var (page, _) = await bench.ConnectAsync(grant, server);

        var shown = await AppBench.ShowAsync(page, server is null ? "pdf__display_pdf" : "display_pdf");

        Assert.Equal(allow, shown.GetProperty("allow").GetString());
        Assert.Equal(fetched, await AppBench.FrameOf(page).EvaluateAsync<string>(Fetch));
    }

    [BrowserTheory(WithNode = true)]
    [InlineData("pdf", true, "")]
    [InlineData("pdf", false, "")]
    [InlineData(null, true, "pdf__")]
    [InlineData(null, false, "pdf__")]
    public async Task Tools_for_apps_only_are_hidden_from_a_client_that_shows_none(
        string? server, bool declares, string prefix)
    {
        var (_, tools) = await bench.ConnectAsync("open", server, declares);

        var names = tools.EnumerateArray().Select(static tool => tool.GetProperty("name").GetString()).ToList();
        Assert.Contains($"{prefix}display_pdf", names);
        Assert.Equal(declares, names.Contains($"{prefix}read_pdf_bytes"));
    }

    [BrowserFact(WithNode = true)]
    public async Task Without_apps_a_tool_has_no_link_to_one()
    {
        var (page, tools) = await bench.ConnectAsync("none", "pdf");

        Assert.DoesNotContain("resourceUri", tools.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("read_pdf_bytes", tools.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await AppBench.ShowAsync(page, "display_pdf")).GetProperty("uri").ValueKind);
    }

    [BrowserFact(WithNode = true)]
    public async Task An_accepted_app_has_what_it_declares()
    {
        var drift = await bench.SendAsync("GET", "catalogue/accepted/drift");
        var before = await bench.SendAsync("GET", "catalogue/accepted/tools/display_pdf");
        await bench.SendAsync("POST", "catalogue/accepted/tools/display_pdf/accept");
        var after = await bench.SendAsync("GET", "catalogue/accepted/tools/display_pdf");
        var (page, _) = await bench.ConnectAsync("accepted", "accepted");
        var shown = await AppBench.ShowAsync(page, "display_pdf");

        Assert.Equal("app", (string?)drift!["tools"]![0]!["drift"]);
        Assert.Contains("/app/csp/connectDomains", drift.ToJsonString(), StringComparison.Ordinal);
        Assert.False((bool)before!["app"]!["accepted"]!);
        Assert.True((bool)after!["app"]!["accepted"]!);
        Assert.Equal(AppBench.Origin, (string?)after["app"]!["csp"]!["connectDomains"]![0]);
        Assert.Equal("clipboard-write", shown.GetProperty("allow").GetString());
        Assert.Equal("real", await AppBench.FrameOf(page).EvaluateAsync<string>(Fetch));
    }

    [BrowserFact(WithNode = true)]
    public async Task A_call_of_an_app_that_needs_a_person_runs_after_the_approval()
    {
        var (page, _) = await bench.ConnectAsync("asking", "time");
        var shown = await AppBench.ShowAsync(page, "get-time");
        Assert.True(shown.GetProperty("isError").GetBoolean());
        var open = await bench.SendAsync("GET", "approvals?state=open");

        await bench.SendAsync(
            "POST", $"approvals/{(string?)open!["items"]![0]!["id"]}/approve", """{ "by": "Ada" }""");
        var app = AppBench.FrameOf(page);
        await app.GetByRole(AriaRole.Button, new() { Name = "Get Server Time" }).ClickAsync();

        await Assertions.Expect(app.Locator("#server-time")).ToContainTextAsync("20");
    }
}
