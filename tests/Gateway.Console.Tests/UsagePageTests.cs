using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The page of usage, and the lists to which its figures lead.</summary>
public sealed class UsagePageTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "get_customer": { "limits": [ { "counter": "reads", "window": "day", "max": 5 } ] },
          "send_refund": { "action": "approve", "reason": "Refunds are approved by a person.", "approval": { "wait": "0s" } },
          "delete_customer": { "action": "deny", "reason": "Customers are deleted by hand." } } }
        """;

    [BrowserFact]
    public async Task Each_figure_leads_to_a_list_of_as_many_calls()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("usage");
        var tiles = page.GetByRole(AriaRole.Region, new() { Name = "Totals" });
        // 5 allowed, 2 limited, 1 needs approval, 3 denied; the other methods of MCP count nowhere.
        await Expect(tiles).ToContainTextAsync("Calls11");
        foreach (var (name, expected) in new[]
            { ("Calls", 11), ("Allowed", 5), ("Needs approval", 1), ("Limited", 2), ("Denied", 3) })
        {
            await tiles.GetByRole(AriaRole.Link, new() { NameRegex = new($"^{name}") }).ClickAsync();
            await ListedAsync(page, expected);
            await page.GoBackAsync();
        }

        await page.GetByText("Data as table").ClickAsync();
        var figures = page.GetByRole(AriaRole.Region, new() { Name = "Figures" });
        var sum = 0;
        for (var row = 0; row < await figures.Locator("tbody tr").CountAsync(); row++)
        {
            var link = figures.Locator("tbody tr").Nth(row).Locator("td").First.Locator("a");
            if (await link.CountAsync() == 0)
                continue;
            var expected = int.Parse(await link.InnerTextAsync(), CultureInfo.InvariantCulture);
            await link.ClickAsync();
            await ListedAsync(page, expected);
            await page.GoBackAsync();
            await page.GetByText("Data as table").ClickAsync();
            sum += expected;
        }

        Assert.Equal(11, sum);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Figures_of_several_gateways_say_whose_calls_they_lead_to()
    {
        const string Note = "A figure links to the calls in the log of this gateway";
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        await window.GoAsync("usage");
        await Expect(window.Page.GetByText(" as of ").First).Not.ToContainTextAsync(Note);
        await window.Page.RouteAsync("**/api/v1/usage?*", static async route =>
        {
            var response = await route.FetchAsync();
            var usage = JsonNode.Parse(await response.TextAsync())!;
            var frontends = usage["frontends"]!.AsArray();
            var other = frontends[0]!.DeepClone();
            other["name"] = "host-b (0123abcd)";
            frontends.Add(other);
            await route.FulfillAsync(new() { Response = response, Body = usage.ToJsonString() });
        });

        foreach (var address in new[] { "overview", "usage" })
        {
            await window.GoAsync(address);
            await Expect(window.Page.Locator("p").Filter(new() { HasText = "host-b (0123abcd)" }))
                .ToContainTextAsync(Note);
        }

        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Names_narrow_the_page_and_their_figures_lead_to_their_calls_with_the_keyboard_alone()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await window.GoAsync("overview");
        await keys.PressAsync("g");
        await keys.PressAsync("u");
        await Expect(window.Heading).ToHaveTextAsync("Usage");
        var names = page.GetByRole(AriaRole.Region, new() { Name = "Calls by name" });
        var row = names.Locator("tbody tr").Filter(new() { HasText = "delete_customer" });
        await row.GetByRole(AriaRole.Link, new() { Name = "3", Exact = true }).FocusAsync();
        await keys.PressAsync("Enter");
        await ListedAsync(page, 3);
        await page.GoBackAsync();

        await row.GetByRole(AriaRole.Link, new() { Name = "delete_customer" }).FocusAsync();
        await keys.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Totals" })).ToContainTextAsync("Calls3");
        var filter = page.GetByRole(AriaRole.Button, new() { Name = "Remove the filter tool delete_customer" });
        await filter.FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Totals" })).ToContainTextAsync("Calls11");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_drag_over_the_chart_selects_a_time_and_a_click_lists_the_calls_of_a_bar()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("usage?range=15m");
        var chart = page.Locator(".time-chart-canvas .u-over").First;
        await Expect(chart).ToBeVisibleAsync();
        var box = (await chart.BoundingBoxAsync())!;

        await page.Mouse.ClickAsync(box.X + box.Width - 4, box.Y + (box.Height / 2));
        await Expect(window.Heading).ToHaveTextAsync("Calls");
        Assert.Contains("method=tools", page.Url, StringComparison.Ordinal);
        await page.GoBackAsync();

        await Expect(chart).ToBeVisibleAsync();
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width - 2, box.Y + 30, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.GetByLabel("From")).ToBeVisibleAsync();
        Assert.Contains("from=", page.Url, StringComparison.Ordinal);
        await page.GetByLabel("Compare with").SelectOptionAsync("before");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Totals" })).ToContainTextAsync("previously");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task The_page_has_no_barriers_and_fits_phones_and_wide_screens()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("usage?range=15m&compare=before");
        await Expect(page.Locator(".u-over").First).ToBeVisibleAsync();
        await Expect(page.GetByText("Spend against limits")).ToBeVisibleAsync();
        await Expect(page.GetByText("5 of 5")).ToBeVisibleAsync();
        await window.PicturesAsync("usage");
        foreach (var width in (int[])[1280, 320])
        {
            await page.SetViewportSizeAsync(width, 800);
            var barriers = await window.BarriersAsync();
            Assert.True(barriers.Count == 0, string.Join('\n', barriers));
            Assert.False(await page.EvaluateAsync<bool>(
                "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        }

        Assert.Empty(window.Errors);
    }

    private static async Task ListedAsync(IPage page, int expected)
    {
        await Expect(page.Locator("h1")).ToHaveTextAsync("Calls");
        await Expect(page.GetByRole(AriaRole.Heading, new()
        {
            Name = $"{expected} matching {(expected == 1 ? "record" : "records")}",
            Exact = true,
        })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody tr"))
            .ToHaveCountAsync(expected);
    }

    private static async Task<OwnBench> StartAsync()
    {
        var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        var token = (await own.Bench.ProvideAsync("shop", Policy))!;
        using var client = ConsoleBench.Agent(token);
        foreach (var (tool, times) in new[] { ("get_customer", 7), ("send_refund", 1), ("delete_customer", 3) })
        {
            for (var call = 0; call < times; call++)
                await own.Bench.CallAsync(client, "shop", tool);
        }

        using var list = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""",
            new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync(new Uri(own.Bench.Address, "/mcp/shop"), list);
        await Soon.UntilAsync(
            async () => (int)JsonNode.Parse(await own.Bench.ReadAsync("audit/facets?kind=outcome&tool=get_customer"))![
                "matched"]! == 5,
            "the results are recorded");
        return own;
    }
}
