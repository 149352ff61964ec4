using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An incident as an operator sees it: every call is paused, with the reason on every page.</summary>
public sealed class IncidentTests
{
    [BrowserFact]
    public async Task Everything_is_paused_with_a_reason_shown_on_every_page_and_resumed()
    {
        await using var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        await own.Bench.ProvideAsync("shop");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("overview");
        await Expect(page.GetByText("Nothing needs attention.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause all calls…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Pause all calls" });
        await Expect(dialog).ToContainTextAsync("1 grant");
        await dialog.GetByLabel("Reason").FillAsync("refunds are sent twice");
        await dialog.GetByLabel("Duration").SelectOptionAsync("1h");
        await window.PicturesAsync("pause");
        Assert.Empty(await window.BarriersAsync());
        await dialog.GetByLabel("Reason").PressAsync("Enter");

        var bar = page.Locator(".status-bar");
        await Expect(bar).ToContainTextAsync("refunds are sent twice");
        await Expect(page.GetByText("Nothing needs attention.")).Not.ToBeVisibleAsync();
        await window.GoAsync("grants");
        await Expect(bar).ToContainTextAsync("Every call is refused: the gateway is paused");
        await Expect(bar).ToContainTextAsync("until");
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("incident");
        await window.GoAsync("servers");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Servers" })).ToContainTextAsync("paused");
        await window.PicturesAsync("incident-servers");
        await window.GoAsync("settings");
        await Expect(page.Locator(".card").Filter(new() { HasText = "This gateway" }).Locator(".badge").First)
            .ToHaveTextAsync("paused");
        await window.PicturesAsync("incident-gateway");

        var resume = bar.GetByRole(AriaRole.Button, new() { Name = "Resume calls" });
        await resume.ClickAsync();
        await Expect(bar).Not.ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo: Calls resumed." }).ClickAsync();
        await Expect(bar).ToContainTextAsync("refunds are sent twice");
        await Expect(bar).ToContainTextAsync("until");
        await resume.ClickAsync();
        await Expect(bar).Not.ToBeVisibleAsync();
        Assert.Null(JsonNode.Parse(await own.Bench.ReadAsync("pauses"))!["gateway"]);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_tool_is_paused_and_resumed_on_its_page()
    {
        await using var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        await own.Bench.ProvideAsync("shop");
        await own.Bench.ReadAsync("servers/shop/tools?refresh=1");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("catalogue/shop/get_customer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Pause get_customer" });
        await Expect(dialog).ToContainTextAsync("Grants that use it: shop-bot.");
        await dialog.GetByLabel("Reason").FillAsync("customers leak");
        await window.PicturesAsync("pause-tool");
        Assert.Empty(await window.BarriersAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause tool" }).ClickAsync();

        await Expect(page.GetByText("Every call of this tool has been refused")).ToContainTextAsync("customers leak");
        await Expect(page.Locator(".status-bar")).ToContainTextAsync("The tool get_customer of shop is paused");
        await window.PicturesAsync("paused-tool");
        Assert.Empty(await window.BarriersAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();

        await Expect(page.GetByText("Every call of this tool has been refused")).Not.ToBeVisibleAsync();
        Assert.Null(JsonNode.Parse(await own.Bench.ReadAsync("pauses"))!["tools"]);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_server_is_paused_with_an_end_that_its_page_shows()
    {
        await using var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        await own.Bench.ProvideAsync("shop");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("servers/shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Pause shop" });
        await Expect(dialog).ToContainTextAsync("Grants that use it: shop-bot.");
        await dialog.GetByLabel("Reason").FillAsync("upgrade");
        await dialog.GetByLabel("Duration").SelectOptionAsync("15m");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause server" }).ClickAsync();

        await Expect(page.Locator(".page-head")).ToContainTextAsync("upgrade");
        var paused = JsonNode.Parse(await own.Bench.ReadAsync("servers/shop"))!["paused"]!;
        Assert.InRange(
            (DateTimeOffset)paused["until"]! - (DateTimeOffset)paused["since"]!,
            TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(".page-head")).Not.ToContainTextAsync("upgrade");

        // Without the notice of the first pause, whose undo is about that pause only.
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause server" }).ClickAsync();
        var undo = page.GetByRole(AriaRole.Button, new() { Name = "Undo: shop is paused." });
        await Expect(undo).ToBeVisibleAsync();
        // A key that is pressed by mistake must not resume calls.
        await page.Keyboard.PressAsync("z");
        await undo.PressAsync("Enter");
        await Expect(page.GetByText("Undone.")).ToBeVisibleAsync();
        Assert.Null(JsonNode.Parse(await own.Bench.ReadAsync("servers/shop"))!["paused"]);
        Assert.Empty(window.Errors);
    }

    [BrowserTheory]
    [InlineData("servers/shop", "Pause…", "Pause server")]
    [InlineData("grants/shop-bot", "Pause shop-bot", "Pause grant")]
    public async Task Denies_to_end_a_newer_pause_of_another_operator_or_to_replace_it_with_an_undo(
        string path, string pause, string act)
    {
        await using var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        await own.Bench.ProvideAsync("shop");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        var name = path.Split('/')[1];
        await page.Clock.InstallAsync();
        await window.GoAsync(path);
        await window.ClickAsync(AriaRole.Button, pause);
        await window.ClickAsync(AriaRole.Button, act);
        var undo = page.GetByRole(AriaRole.Button, new() { Name = $"Undo: {name} is paused." });
        await Expect(undo).ToBeVisibleAsync();
        await own.Bench.SendAsync("POST", $"{path}/resume", "{}");
        await own.Bench.SendAsync("POST", $"{path}/pause", """{ "reason": "theirs" }""");
        await undo.PressAsync("Enter");
        await Expect(page.Locator(".toast.bad"))
            .ToContainTextAsync("has paused this since then, with the reason \"theirs\"");
        await Expect(page.Locator(".page-head")).ToContainTextAsync("theirs");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Resume") }).ClickAsync();
        undo = page.GetByRole(AriaRole.Button, new() { Name = $"Undo: {name} is active again." });
        await Expect(undo).ToBeVisibleAsync();
        await own.Bench.SendAsync("POST", $"{path}/pause", """{ "reason": "newest" }""");
        await undo.PressAsync("Enter");
        await Expect(page.Locator(".toast.bad").Last).ToContainTextAsync("with the reason \"newest\"");
        // Nor does the dialog replace a pause that was made while it was open and that the page shows meanwhile.
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Resume") }).ClickAsync();
        await window.ClickAsync(AriaRole.Button, pause);
        await own.Bench.SendAsync("POST", $"{path}/pause", """{ "reason": "newest" }""");
        await page.Clock.FastForwardAsync("00:31");
        await Expect(page.Locator(".page-head")).ToContainTextAsync("newest");
        await window.ClickAsync(AriaRole.Button, act);
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("with the reason \"newest\"");
        Assert.Contains("newest", await own.Bench.ReadAsync(path), StringComparison.Ordinal);
        Assert.Empty(window.ErrorsBut("412"));
    }

    [BrowserFact]
    public async Task A_caller_is_revoked_with_a_reason_and_restored()
    {
        await using var own = new OwnBench
        {
            Bench = new ConsoleBench
            {
                Configuration = """
                    { "publicUrl": "https://gateway.example.com",
                      "identity": { "issuers": { "corp": { "issuer": "https://login.example.com", "audience": "gateway" } } } }
                    """,
            },
        };
        await own.Bench.InitializeAsync();
        await own.Bench.ProvideAsync("shop");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("grants");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop caller…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Stop caller" });
        await dialog.GetByLabel("Subject").FillAsync("ana");
        await dialog.GetByLabel("Action").SelectOptionAsync("revoke");
        await dialog.GetByLabel("Reason").FillAsync("left the company");
        await window.PicturesAsync("caller");
        Assert.Empty(await window.BarriersAsync());
        await dialog.GetByLabel("Reason").PressAsync("Enter");

        var card = page.Locator(".card").Filter(new() { HasText = "Stopped callers" });
        await Expect(card).ToContainTextAsync("left the company");
        await Expect(card).ToContainTextAsync("revoked");
        await window.PicturesAsync("callers");
        await card.GetByRole(AriaRole.Button, new() { Name = "Resume ana" }).ClickAsync();
        await Expect(card).ToContainTextAsync("No caller is paused or revoked.");
        Assert.Null(JsonNode.Parse(await own.Bench.ReadAsync("pauses"))!["subjects"]);

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo: ana may call again." }).PressAsync("Enter");
        await Expect(card).ToContainTextAsync("left the company");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo: ana is revoked." }).PressAsync("Enter");
        await Expect(page.Locator(".toast.bad")).ToContainTextAsync("has paused this since then");
        await card.GetByRole(AriaRole.Button, new() { Name = "Resume ana" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop caller…" }).ClickAsync();
        await dialog.GetByLabel("Subject").FillAsync("ana");
        await dialog.GetByLabel("Subject").PressAsync("Enter");
        await Expect(card.GetByText("paused", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo: ana is paused." }).PressAsync("Enter");
        await Expect(card).ToContainTextAsync("No caller is paused or revoked.");

        // What replaces an earlier stop has no undo, which would let the caller call again.
        await own.Bench.SendAsync("POST", "subjects/pause", """{ "issuer": "corp", "subject": "ben" }""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop caller…" }).ClickAsync();
        await dialog.GetByLabel("Subject").FillAsync("ben");
        await dialog.GetByLabel("Action").SelectOptionAsync("revoke");
        await dialog.GetByLabel("Subject").PressAsync("Enter");
        await Expect(page.Locator(".toast").Filter(new() { HasText = "ben is revoked." })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Undo: ben is revoked." })).ToHaveCountAsync(0);
        Assert.Empty(window.ErrorsBut("412"));
    }
}
