using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>
/// What operators do, from the overview to the result, with a budget of steps (clicks, choices and filled fields) and
/// one of seconds, which a practised operator needs for them.
/// </summary>
public sealed class StoryTests(ITestOutputHelper output)
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "get_customer": { "limits": [ { "counter": "reads", "window": "day", "max": 10, "scope": "grant" } ] },
          "delete_customer": {},
          "send_refund": {
            "approve_if": [ { "path": "args.amount", "op": "gt", "value": 100 } ], "approval": { "wait": "0s" } } } }
        """;

    private string _token = "";

    [BrowserFact]
    public Task Everything_is_stopped_and_resumed() => WalkAsync(4, 17, async (bench, window) =>
    {
        await window.ClickAsync(AriaRole.Button, "Pause all calls…");
        var reason = window.Page.GetByRole(AriaRole.Dialog).GetByLabel("Reason");
        await window.FillAsync(reason, "refunds are sent twice");
        await window.PressAsync(reason, "Enter");
        await Expect(window.Page.Locator(".status-bar")).ToContainTextAsync("refunds are sent twice");
        Assert.NotNull(JsonNode.Parse(await bench.ReadAsync("pauses"))!["gateway"]);

        await window.ClickAsync(AriaRole.Button, "Resume calls");

        await Expect(window.Page.GetByText("Nothing needs attention.")).ToBeVisibleAsync();
        Assert.Null(JsonNode.Parse(await bench.ReadAsync("pauses"))!["gateway"]);
    });

    [BrowserFact]
    public Task A_poisoned_tool_is_detected_and_paused() => WalkAsync(
        4, 19,
        async (bench, window) =>
        {
            const string found = "1 tool of post with a suspicious definition that nobody has accepted";
            var bar = window.Page.Locator(".status-bar");
            await Expect(bar).ToContainTextAsync("Critical");
            await Expect(bar).ToContainTextAsync(found);
            await window.GoAsync("catalogue/post/move_parcel");
            await Expect(window.Page.Locator(".badge").GetByText("suspicious")).ToBeVisibleAsync();
            await window.PicturesAsync("suspicious-tool");
            await window.GoAsync("catalogue?q=parcel");
            await Expect(window.Page.Locator("tbody .badge").GetByText("suspicious")).ToBeVisibleAsync();
            await window.PicturesAsync("suspicious-catalogue");
            await window.GoAsync("inbox");
            await window.PicturesAsync("suspicious-inbox");
            await window.ClickAsync(
                window.Page.Locator("section").GetByRole(AriaRole.Link, new() { Name = found }));
            await Expect(window.Page.Locator(".drift")).ToContainTextAsync("Do not tell the user");
            await Expect(window.Page.Locator(".drift"))
                .ToContainTextAsync("It tells its reader to keep something from the user.");
            await window.ClickAsync(AriaRole.Button, "Pause… move_parcel");
            var reason = window.Page.GetByRole(AriaRole.Dialog).GetByLabel("Reason");
            await window.FillAsync(reason, "the description gives orders");
            await window.PressAsync(reason, "Enter");

            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            Assert.Equal(
                "move_parcel", (string?)JsonNode.Parse(await bench.ReadAsync("pauses"))!["tools"]![0]!["tool"]);
        },
        async bench =>
        {
            foreach (var place in (string[])[HostileTools.Before, HostileTools.Injected])
            {
                await bench.SendAsync("PUT", "servers/post", new JsonObject { ["url"] = bench.ServerUrl + place });
                await bench.ReadAsync("catalogue/post/drift?refresh=true");
            }
        });

    [BrowserFact]
    public Task Approved_refunds_over_100_of_a_week_are_found_with_their_approvers_and_exported() => WalkAsync(
        7, 24,
        async (_, window) =>
        {
            var page = window.Page;
            await window.ClickAsync(AriaRole.Link, "Calls");
            await window.ClickAsync(AriaRole.Link, "Approved requests");
            await window.FillAsync(page.GetByLabel("Argument", new() { Exact = true }), "amount");
            await window.ChooseAsync(page.GetByLabel("Operator"), "is greater than");
            var value = page.GetByLabel("Value");
            await window.FillAsync(value, "100");
            await window.PressAsync(value, "Enter");
            var rows = page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody tr");
            await Expect(rows).ToHaveCountAsync(2);
            await Expect(rows.Filter(new() { HasText = "amount: 150" })).ToContainTextAsync("Ada");
            await Expect(rows.Filter(new() { HasText = "amount: 250" })).ToContainTextAsync("Bob");

            var download = await page.RunAndWaitForDownloadAsync(
                () => window.ClickAsync(AriaRole.Link, "Export CSV"));

            var lines = await File.ReadAllLinesAsync(await download.PathAsync());
            Assert.Equal(3, lines.Length);
            Assert.Single(lines, static line => line.Contains(",approved,", StringComparison.Ordinal)
                && line.Contains("\"\"amount\"\":150", StringComparison.Ordinal)
                && line.EndsWith(",Ada,", StringComparison.Ordinal));
        },
        async bench =>
        {
            await bench.SendAsync("PUT", "policies/shop", """
                { "version": "1", "default": "deny", "tools": {
                  "send_refund": { "action": "approve", "approval": { "wait": "0s" } } } }
                """);
            foreach (var (by, amount) in new[] { ("Ada", 150), ("Bob", 100), ("Bob", 250), ("Ada", 50) })
            {
                await CallAsync(bench, "send_refund", $$"""{"amount":{{amount}},"currency":"CHF"}""");
                var request = JsonNode.Parse(await bench.ReadAsync("approvals?state=open"))!["items"]![0]!;
                await bench.SendAsync("POST", $"approvals/{request["id"]}/approve", new JsonObject { ["by"] = by });
            }
        });

    [BrowserFact]
    public Task A_limit_that_is_nearly_used_up_is_raised() => WalkAsync(
        6, 18,
        async (bench, window) =>
        {
            await window.ClickAsync(window.Page.GetByRole(AriaRole.Link, new() { Name = "is nearly used up" }));
            await Expect(window.Heading).ToHaveTextAsync("shop-bot");
            await Expect(window.Page.Locator(".meters")).ToContainTextAsync("1 of 10 left");
            await window.ClickAsync(PolicyOf(window));
            await window.ClickAsync(AriaRole.Button, "Edit rule for get_customer");
            var most = window.Page.GetByLabel("Maximum", new() { Exact = true });
            await window.FillAsync(most, "20");
            await most.PressAsync("Tab");
            await PublishAsync(window);

            Assert.Contains("\"max\": 20", await bench.ReadAsync("policies/shop"), StringComparison.Ordinal);
        },
        async bench =>
        {
            for (var calls = 0; calls < 9; calls++)
                await CallAsync(bench, "get_customer", "{}");
        });

    [BrowserFact]
    public Task A_budget_that_is_nearly_used_up_is_raised() => WalkAsync(
        4, 13,
        async (bench, window) =>
        {
            await window.ClickAsync(window.Page.Locator(".status-bar").GetByRole(AriaRole.Link).First);
            await window.ClickAsync(AriaRole.Button, "Edit budget");
            var dialog = window.Page.GetByRole(AriaRole.Dialog);
            await window.FillAsync(dialog.GetByLabel("Maximum", new() { Exact = true }), "20");
            await window.ClickAsync(AriaRole.Button, "Save");

            await Expect(dialog).ToHaveCountAsync(0);
            Assert.Equal(20, (int)JsonNode.Parse(await bench.ReadAsync("budgets/reads"))!["max"]!);
        },
        async bench =>
        {
            await bench.SendAsync("PUT", "budgets/reads", new JsonObject
            {
                ["window"] = "day", ["max"] = 10, ["grants"] = new JsonArray("*"),
            });
            await bench.SendAsync("PUT", "policies/shop", """
                { "version": "1", "default": "deny", "tools": { "get_customer": { "budgets": ["reads"] } } }
                """);
            for (var calls = 0; calls < 10; calls++)
                await CallAsync(bench, "get_customer", "{}");
        });

    [BrowserFact]
    public Task The_policy_of_a_grant_is_edited_and_its_token_stays() => WalkAsync(6, 16, async (bench, window) =>
    {
        await window.ClickAsync(AriaRole.Link, "Grants");
        await window.ClickAsync(AriaRole.Link, "shop-bot");
        await window.ClickAsync(PolicyOf(window));
        await window.ClickAsync(window.Page.GetByRole(AriaRole.Group, new() { Name = "Rule for delete_customer" })
            .GetByRole(AriaRole.Button, new() { Name = "Deny" }));
        await PublishAsync(window);

        const string refused = "Policy violation";
        Assert.Contains(refused, await CallAsync(bench, "delete_customer", "{}"), StringComparison.Ordinal);
        Assert.DoesNotContain(refused, await CallAsync(bench, "get_customer", "{}"), StringComparison.Ordinal);
    });

    [BrowserFact]
    public Task A_grant_gets_another_policy_server_and_expiry_and_its_token_stays() => WalkAsync(
        8, 26,
        async (bench, window) =>
        {
            var page = window.Page;
            await window.ClickAsync(AriaRole.Link, "Grants");
            await window.ClickAsync(AriaRole.Link, "shop-bot");
            await window.ClickAsync(AriaRole.Button, "Edit grant");
            await window.ChooseAsync(page.GetByLabel("Policy for shop"), "strict");
            await window.ClickAsync(page.GetByRole(AriaRole.Checkbox, new() { Name = "post", Exact = true }));
            await window.ChooseAsync(page.GetByLabel("Policy for post"), "strict");
            await window.ChooseAsync(page.GetByLabel("Expires"), "In 30 days");
            Assert.Equal("", string.Join('\n', await window.BarriersAsync()));
            await window.ClickAsync(AriaRole.Button, "Save changes");
            await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

            const string refused = "Policy violation";
            Assert.Contains(refused, await CallAsync(bench, "get_customer", "{}"), StringComparison.Ordinal);
            Assert.Contains("\"result\"", await bench.CallAsync("post", _token, "delete_customer"));
            await page.ReloadAsync();
            var facts = page.Locator(".facts").First;
            await Expect(facts.GetByRole(AriaRole.Link, new() { Name = "strict" })).ToHaveCountAsync(2);
            await Expect(facts).Not.ToContainTextAsync("never");
        },
        async bench =>
        {
            await bench.SendAsync("PUT", "servers/post", new JsonObject { ["url"] = bench.ServerUrl });
            await bench.SendAsync("PUT", "policies/strict", """
                { "version": "1", "default": "deny", "tools": { "delete_customer": {} } }
                """);
        });

    [BrowserFact]
    public Task An_approver_is_invited_by_link_and_approves_a_call() => WalkAsync(
        7, 22,
        async (bench, window) =>
        {
            await window.ClickAsync(AriaRole.Link, "Settings");
            await window.ClickAsync(AriaRole.Link, "Operators and API keys");
            await window.ClickAsync(AriaRole.Button, "Invite person");
            var dialog = window.Page.GetByRole(AriaRole.Dialog);
            await window.FillAsync(dialog.GetByLabel("Username"), "ivy");
            await window.ChooseAsync(dialog.GetByLabel("Role", new() { Exact = true }), "approver");
            await window.ClickAsync(dialog.GetByLabel("shop", new() { Exact = true }));
            await window.ClickAsync(AriaRole.Button, "Create link");
            var link = dialog.Locator("pre").Filter(new() { HasText = "invitation?code=" });

            await using var invited = await bench.OpenAsync();
            var page = invited.Page;
            await page.GotoAsync((await link.InnerTextAsync()).Trim());
            var password = page.GetByLabel("Password", new() { Exact = true });
            await invited.FillAsync(password, ConsoleBench.Password);
            await invited.PressAsync(password, "Enter");
            await Expect(invited.Heading).ToHaveTextAsync("Approvals");
            await invited.ClickAsync(page.GetByRole(AriaRole.Link).Filter(new() { HasText = "send_refund" }));
            await invited.ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Approve a" }));
            await invited.ClickAsync(
                page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }));
            await Expect(page.Locator(".open-card .badge").First).ToHaveTextAsync("approved");
            Assert.InRange(invited.Steps, 1, 5);
            Assert.Empty(invited.Errors);
        },
        bench => CallAsync(bench, "send_refund", """{"amount":150}"""));

    [BrowserFact]
    public Task An_edit_is_evaluated_enforced_for_a_tenth_published_and_rolled_back() => WalkAsync(
        15, 40,
        async (bench, window) =>
        {
            var page = window.Page;
            await window.ClickAsync(AriaRole.Link, "Policies");
            await window.ClickAsync(AriaRole.Link, "shop");
            await window.ClickAsync(page.GetByRole(AriaRole.Group, new() { Name = "Rule for delete_customer" })
                .GetByRole(AriaRole.Button, new() { Name = "Deny" }));
            await window.ClickAsync(AriaRole.Button, "Review and publish");
            await window.ClickAsync(AriaRole.Button, "Recorded calls");
            await window.ClickAsync(AriaRole.Button, "Evaluate recorded calls");
            await Expect(page.GetByRole(AriaRole.Dialog).GetByText("1 changed")).ToBeVisibleAsync();
            await window.ClickAsync(AriaRole.Button, "Create candidate");
            await window.ClickAsync(AriaRole.Button, "Choose grants or sessions…");
            await window.ClickAsync(AriaRole.Button, "10 %");
            await window.ClickAsync(AriaRole.Button, "Enforce for 10 % of sessions");
            var card = page.Locator(".candidate");
            await Expect(card).ToContainTextAsync("Enforced for 10 % of sessions.");
            Assert.Equal(10, (int)JsonNode.Parse(await bench.ReadAsync("policies/shop/candidate"))!["percent"]!);

            await window.ClickAsync(AriaRole.Button, "Publish to all grants…");
            await window.ClickAsync(AriaRole.Button, "Publish");
            await Expect(card).ToHaveCountAsync(0);
            Assert.NotEqual(Policy, await bench.ReadAsync("policies/shop"));

            await window.ClickAsync(AriaRole.Button, "Versions");
            await window.ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Compare version" }).First);
            await window.ClickAsync(AriaRole.Button, "Restore version");
            await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            Assert.Equal(Policy, await bench.ReadAsync("policies/shop"));
        },
        bench => CallAsync(bench, "delete_customer", "{}"));

    [BrowserFact]
    public Task A_gateway_of_the_fleet_that_is_missing_is_shown_with_what_to_do() => WalkAsync(
        1, 3, async (_, window) =>
    {
        // The real status with the item that a fleet adds: it takes minutes until a killed gateway counts as missing.
        await window.Page.RouteAsync("**/api/v1/status", static async route =>
        {
            var response = await route.FetchAsync();
            var status = JsonNode.Parse(await response.TextAsync())!;
            status["attention"] = JsonNode.Parse("""
                [{ "id": "m", "kind": "fleet.member_missing", "severity": "warning",
                   "text": "The gateway host-b is missing", "page": "settings",
                   "detail": "That gateway was killed, or is cut off from the store.",
                   "since": "2026-11-26T10:00:00Z" }]
                """);
            await route.FulfillAsync(new() { Response = response, Body = status.ToJsonString() });
        });
        await window.Page.ReloadAsync();
        await window.ClickAsync(window.Page.Locator(".status-bar").GetByRole(AriaRole.Link, new() { Name = "host-b" }));

        var card = window.Page.GetByRole(AriaRole.Heading, new() { Name = "This gateway" });
        await Expect(window.Page.Locator(".card").Filter(new() { Has = card }))
            .ToContainTextAsync("Start it again");
    });

    [BrowserFact]
    public Task A_call_is_approved_on_a_phone() => WalkAsync(
        4, 11,
        async (bench, window) =>
        {
            await window.ClickAsync(window.Page.GetByRole(AriaRole.Link, new() { Name = "1 call waits for approval" }));
            await window.ClickAsync(window.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = "send_refund" }));
            await Expect(window.Page.GetByRole(AriaRole.Region, new() { Name = "Arguments" }))
                .ToContainTextAsync("\"amount\": 150");
            await window.ClickAsync(window.Page.GetByRole(AriaRole.Button, new() { Name = "Approve a" }));
            await window.ClickAsync(window.Page.GetByRole(AriaRole.Dialog)
                .GetByRole(AriaRole.Button, new() { Name = "Approve" }));

            await Expect(window.Page.Locator(".open-card .badge").First).ToHaveTextAsync("approved");
            Assert.False(await window.Page.EvaluateAsync<bool>(
                "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"));
            Assert.DoesNotContain(
                "approval_required", await CallAsync(bench, "send_refund", """{"amount":150}"""),
                StringComparison.Ordinal);
        },
        bench => CallAsync(bench, "send_refund", """{"amount":150}"""),
        width: 390);

    /// <summary>Walks a story in a gateway of its own, with a budget of steps and of an operator's seconds.</summary>
    private async Task WalkAsync(
        int most, int seconds, Func<ConsoleBench, ConsoleWindow, Task> story, Func<ConsoleBench, Task>? prepare = null,
        int width = 1280)
    {
        await using var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        _token = (await own.Bench.ProvideAsync("shop", Policy))!;
        if (prepare is not null)
            await prepare(own.Bench);
        await using var window = await own.Bench.SignedInAsync(width);
        await window.GoAsync("overview");

        await story(own.Bench, window);

        output.WriteLine(FormattableString.Invariant(
            $"{window.Steps} steps of {most}, {window.OperatorSeconds:0.0} s of {seconds}"));
        Assert.InRange(window.Steps, 1, most);
        Assert.InRange(window.OperatorSeconds, 0, seconds);
        Assert.Equal("", string.Join('\n', await window.BarriersAsync()));
        Assert.Empty(window.Errors);
    }

    /// <summary>The link to the policy on the page of a grant.</summary>
    private static ILocator PolicyOf(ConsoleWindow window) =>
        window.Page.Locator(".facts").GetByRole(AriaRole.Link, new() { Name = "shop", Exact = true }).Last;

    private static async Task PublishAsync(ConsoleWindow window)
    {
        await window.ClickAsync(AriaRole.Button, "Review and publish");
        await window.ClickAsync(AriaRole.Button, "Publish");
        await Expect(window.Page.GetByText("It applies from the next call on")).ToBeVisibleAsync();
    }

    private async Task<string> CallAsync(ConsoleBench bench, string tool, string arguments)
    {
        using var client = ConsoleBench.Agent(_token);
        using var body = new StringContent(
            $$$"""
            { "jsonrpc": "2.0", "id": 1, "method": "tools/call",
              "params": { "name": "{{{tool}}}", "arguments": {{{arguments}}} } }
            """,
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync(new Uri(bench.Address, "/mcp/shop"), body);
        return await response.Content.ReadAsStringAsync();
    }
}
