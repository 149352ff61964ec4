using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The search over all records and the page of one call, as an auditor and an operator use them.</summary>
public sealed class CallsPageTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "get_customer": {},
          "send_refund": { "action": "approve", "reason": "Refunds are approved by a person.", "approval": { "wait": "0s" } },
          "delete_customer": { "action": "deny", "reason": "Customers are deleted by hand." } } }
        """;

    [BrowserFact]
    public async Task An_auditor_finds_who_approved_which_refund_with_the_keyboard_alone()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await window.GoAsync("overview");
        await keys.PressAsync("g");
        await keys.PressAsync("c");
        await Expect(window.Heading).ToHaveTextAsync("Calls");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody tr");
        await Expect(rows.Filter(new() { HasText = "get_customer" })).ToHaveCountAsync(4);
        await PicturesAsync(page, "calls");
        await page.SetViewportSizeAsync(320, 800);
        Assert.Empty(await window.BarriersAsync());
        Assert.False(await page.EvaluateAsync<bool>(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        await page.SetViewportSizeAsync(1280, 900);

        await keys.PressAsync("/");
        await keys.TypeAsync("REFU appro");
        await Expect(rows.Filter(new() { HasText = "get_customer" })).ToHaveCountAsync(0);
        await page.GetByLabel("Kind").SelectOptionAsync("approval");
        var approved = page.GetByRole(AriaRole.Button, new() { Name = "Approved 1" });
        await approved.FocusAsync();
        await keys.PressAsync("Enter");

        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("Ada");
        await Expect(rows).ToContainTextAsync("order A-7 was returned");
        await Expect(rows).ToContainTextAsync("amount: 150");
        Assert.Contains("outcome=approved", page.Url, StringComparison.Ordinal);
        Assert.Empty(await window.BarriersAsync());

        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal(2, lines.Length);
        Assert.Contains("order A-7 was returned", lines[1], StringComparison.Ordinal);

        await rows.GetByRole(AriaRole.Link, new() { Name = "send_refund" }).FocusAsync();
        await keys.PressAsync("Enter");
        var steps = page.Locator(".timeline > li");
        await Expect(steps.Filter(new() { HasText = "Approved by Ada" })).ToContainTextAsync("order A-7 was returned");
        await Expect(steps.Filter(new() { HasText = "Allowed and sent to shop" })).ToHaveCountAsync(1);
        await Expect(steps.Filter(new() { HasText = "Response" })).ToContainTextAsync("HTTP 200");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Arguments" }))
            .ToContainTextAsync("\"amount\": 150");
        await PicturesAsync(page, "call");
        Assert.Empty(await window.BarriersAsync());
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Decisions_of_a_time_without_a_stream_are_counted_once_and_shown_once()
    {
        await using var own = await StartAsync();
        var token = (await own.Bench.ProvideAsync("gap"))!;
        await own.Bench.CallAsync("gap", token, "get_customer");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await page.RouteAsync("**/decisions/stream*", static route => route.AbortAsync());
        await window.GoAsync("calls?grant=gap-bot&kind=decision");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(1);
        await own.Bench.CallAsync("gap", token, "get_customer");
        await own.Bench.CallAsync("gap", token, "get_customer");

        await page.UnrouteAsync("**/decisions/stream*");
        var fresh = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Show .* new$") });
        await Expect(fresh).ToHaveTextAsync("Show 2 new", new() { Timeout = 30_000 });
        await own.Bench.CallAsync("gap", token, "get_customer");
        await Expect(fresh).ToHaveTextAsync("Show 3 new");
        await window.PicturesAsync("calls-fresh");
        await fresh.ClickAsync();
        await Expect(rows).ToHaveCountAsync(4);
        await Expect(fresh).ToHaveCountAsync(0);
        Assert.Empty(window.ErrorsBut("ERR_FAILED", "decisions/stream"));
    }

    [BrowserFact(OnlyInChromium = true)]
    public async Task Decisions_of_other_gateways_are_not_new_in_the_list_of_one()
    {
        await using var own = await StartAsync();
        var token = (await own.Bench.ProvideAsync("one", """{ "version": "1", "default": "allow" }"""))!;
        await own.Bench.CallAsync("one", token, "get_customer");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        var time = TimeProvider.System.GetUtcNow().AddMinutes(1).ToString("O");
        string Event(string frontend, string call) => $$"""
            data: {"frontend":"{{frontend}}","sampled":false,"items":[
            data: {"kind":"decision","grant":"one-bot","callId":"{{call}}","time":"{{time}}"}]}


            """;
        await page.RouteAsync("**/decisions/stream*", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = """
                data: {"frontend":"here","sampled":false,"items":[],"frontends":[{"name":"here"},{"name":"there"}]}


                """ + Event("there", "1") + Event("here", "2") + Event("there", "3"),
        }));

        await window.GoAsync("calls?grant=one-bot&kind=decision");

        var fresh = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Show .* new$") });
        await Expect(fresh).ToHaveTextAsync("Show 1 new");
    }

    [BrowserFact]
    public async Task Filters_counts_views_and_empty_results_lead_on()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("calls");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody tr");

        await page.GetByRole(AriaRole.Link, new() { Name = "Denied calls" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("Customers are deleted by hand.");
        await Expect(page.GetByText("1 matching record", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save view…" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mine");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Mine" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);

        await page.GetByLabel("Search").FillAsync("no such text");
        await Expect(page.GetByText("No matching records", new() { Exact = true })).ToBeVisibleAsync();
        await PicturesAsync(page, "calls-empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear search and filters" }).ClickAsync();
        await Expect(rows.First).ToBeVisibleAsync();

        var chart = (await page.Locator(".over svg").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(chart.X + chart.Width - 40, chart.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(chart.X + chart.Width - 2, chart.Y + 30, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.GetByLabel("From")).ToBeVisibleAsync();
        Assert.Contains("from=", page.Url, StringComparison.Ordinal);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Filters_on_arguments_combine_are_removed_and_report_an_error_with_its_place()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("calls?kind=approval");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody tr");
        await FilterAsync(page, "amount", "is at least", "150.0");
        await FilterAsync(page, "order", "contains", "A-");
        await Expect(rows.Filter(new() { HasText = "Ada" })).ToHaveCountAsync(1);
        await Expect(page.GetByText("--where 'args.amount gte 150.0' --where 'args.order contains A-'"))
            .ToHaveCountAsync(1);
        await PicturesAsync(page, "calls-arguments");
        Assert.Empty(await window.BarriersAsync());

        await FilterAsync(page, "currency", "is", "EUR");
        await Expect(page.GetByText("No matching records", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove filter currency is EUR" }).ClickAsync();
        await Expect(rows.Filter(new() { HasText = "Ada" })).ToHaveCountAsync(1);

        await FilterAsync(page, "amount", "is less than", "lots");
        await Expect(page.GetByText("\"where\", condition 3, character 16")).ToBeVisibleAsync();
        Assert.Empty(window.ErrorsBut("400"));
    }

    [BrowserFact]
    public async Task A_call_leads_to_a_rule_a_test_and_a_replay_with_its_values_filled_in()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("calls?kind=decision&tool=send_refund&outcome=allowed");
        await page.GetByRole(AriaRole.Link, new() { Name = "send_refund", Exact = true }).ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("send_refund");
        var address = page.Url;
        await PicturesAsync(page, "call-actions");

        await page.GetByRole(AriaRole.Link, new() { Name = "Make a rule" }).ClickAsync();
        var amount = page.GetByRole(AriaRole.Group, new() { Name = "amount", Exact = true });
        await Expect(amount.GetByLabel("Value")).ToHaveValueAsync("150");
        await Expect(page.GetByText("called by grant shop-bot")).ToBeVisibleAsync();
        Assert.DoesNotMatch("amount|=150(&|$)", page.Url);
        await PicturesAsync(page, "rule-from-call");
        Assert.Empty(await window.BarriersAsync());
        await amount.GetByLabel("Operator").SelectOptionAsync("gte");
        await page.GetByRole(AriaRole.Group, new() { Name = "order", Exact = true })
            .GetByRole(AriaRole.Checkbox).UncheckAsync();
        await page.Locator(".primary", new() { HasText = "Add rule" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Close rule for send_refund" })).ToBeVisibleAsync();
        await Expect(page.GetByText("unpublished changes")).ToBeVisibleAsync();

        await page.GotoAsync(address);
        await page.GetByRole(AriaRole.Link, new() { Name = "Replay against a draft" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("Only calls of send_refund at shop")).ToBeCheckedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Evaluate recorded calls" }).ClickAsync();
        await Expect(dialog.Locator("[role=status]").Filter(new() { HasText = "undetermined" })).ToBeVisibleAsync();
        await PicturesAsync(page, "replay-from-call");

        await page.GotoAsync(address);
        await page.GetByRole(AriaRole.Link, new() { Name = "Make a test" }).ClickAsync();
        // Before the tools are known, the form has a group of this name.
        await Expect(dialog.GetByLabel("amount", new() { Exact = true }).And(page.Locator("input")))
            .ToHaveValueAsync("150");
        await PicturesAsync(page, "test-from-call");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try call" }).ClickAsync();
        await Expect(dialog.GetByText("denied")).ToBeVisibleAsync();
        await dialog.GetByLabel("Test name").FillAsync("large refund");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add test" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish" }).Last.ClickAsync();
        await Expect(page.GetByText("It applies from the next call on")).ToBeVisibleAsync();
        var policy = JsonNode.Parse(await own.Bench.ReadAsync("policies/shop"))!;
        Assert.Equal(
            ["args.amount gte 150", "args.currency eq CHF"],
            policy["tools"]!["send_refund"]!["deny_if"]![0]!["all"]!.AsArray()
                .Select(static one => $"{one!["path"]} {one["op"]} {one["value"]}"));
        Assert.Equal("deny", (string?)policy["tests"]![0]!["expect"]);
        Assert.Equal("A-7", (string?)policy["tests"]![0]!["call"]!["arguments"]!["order"]);
        Assert.True(window.Errors.Count == 0, string.Join('\n', window.Errors));
    }

    [BrowserFact]
    public async Task A_viewer_is_shown_no_actions_that_change_something()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync(name: "vera", displayName: "Vera", role: "viewer");
        var page = window.Page;
        await window.GoAsync("calls?kind=decision&tool=send_refund&outcome=allowed");
        await page.GetByRole(AriaRole.Link, new() { Name = "send_refund", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Find similar calls" })).ToBeVisibleAsync();
        foreach (var name in (string[])["Make a rule", "Make a test", "Replay against a draft"])
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = name })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause grant…" })).ToHaveCountAsync(0);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task New_decisions_are_announced_and_shown_on_request()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("calls?kind=decision&tool=get_customer");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await window.UntilIdleAsync();

        await CallAsync(own.Bench, "get_customer", "{}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show 1 new" }).ClickAsync();

        await Expect(rows).ToHaveCountAsync(3);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "new" })).ToHaveCountAsync(0);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_call_that_is_not_in_the_log_is_said_so_and_its_grant_can_be_paused()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("calls/0123456789abcdef0123456789abcdef");
        await Expect(page.GetByText("has no call")).ToBeVisibleAsync();
        await window.GoAsync("calls?kind=decision&tool=delete_customer");
        await page.GetByRole(AriaRole.Link, new() { Name = "delete_customer" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause grant…" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("looks wrong");
        await page.GetByLabel("Reason").PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Contains("looks wrong", await own.Bench.ReadAsync("grants/shop-bot"), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Find similar calls" }).ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("Calls");
        Assert.Contains("tool=delete_customer", page.Url, StringComparison.Ordinal);
        Assert.Empty(window.ErrorsBut("404"));
    }

    /// <summary>A refund of 150 that Ada approved, a denied deletion, and two calls that need nobody.</summary>
    private async Task<OwnBench> StartAsync()
    {
        var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        _token = (await own.Bench.ProvideAsync("shop", Policy))!;
        const string refund = """{"amount":150,"currency":"CHF","order":"A-7"}""";
        await CallAsync(own.Bench, "get_customer", """{"id":"1"}""");
        await CallAsync(own.Bench, "get_customer", """{"id":"2"}""");
        await CallAsync(own.Bench, "delete_customer", "{}");
        await CallAsync(own.Bench, "send_refund", refund);
        var request = JsonNode.Parse(await own.Bench.ReadAsync("approvals"))!["items"]![0]!;
        await own.Bench.SendAsync("POST", $"approvals/{request["id"]}/approve", new JsonObject
        {
            ["by"] = "Ada", ["comment"] = "order A-7 was returned",
        });
        Assert.Contains("\"result\"", await CallAsync(own.Bench, "send_refund", refund), StringComparison.Ordinal);
        await Soon.UntilAsync(
            async () => (await own.Bench.ReadAsync("audit/search?kind=outcome&tool=send_refund")).Contains(
                "completed", StringComparison.Ordinal),
            "the result is recorded");
        return own;
    }

    private static async Task FilterAsync(IPage page, string argument, string op, string value)
    {
        await page.GetByLabel("Argument", new() { Exact = true }).FillAsync(argument);
        await page.GetByLabel("Operator").SelectOptionAsync(new SelectOptionValue { Label = op });
        await page.GetByLabel("Value").FillAsync(value);
        await page.GetByLabel("Value").PressAsync("Enter");
    }

    private string _token = "";

    private async Task<string> CallAsync(ConsoleBench bench, string tool, string arguments)
    {
        using var client = ConsoleBench.Agent(_token);
        using var body = new StringContent(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""",
            new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync(new Uri(bench.Address, "/mcp/shop"), body);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task PicturesAsync(IPage page, string name)
    {
        var pictures = Directory.CreateDirectory(SourceTree.PathOf("artifacts", "pictures")).FullName;
        foreach (var width in (int[])[390, 1680, 1280])
        {
            foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.EmulateMediaAsync(new() { ColorScheme = theme });
                if (!ConsoleWindow.TakesPictures)
                    continue;
                await page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(pictures, $"{name}-{width}-{theme}.png"), FullPage = width == 390,
                });
            }
        }
    }
}
