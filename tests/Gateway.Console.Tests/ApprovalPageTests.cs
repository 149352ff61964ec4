using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>A person answers what an agent asks, in a browser.</summary>
[Collection(SharedConsole.Name)]
public sealed class ApprovalPageTests(ConsoleBench bench)
{
    private const string Asks = """
        { "version": "1", "default": "deny", "tools": {
          "get_customer": { "action": "approve", "approval": { "wait": "0s" } } } }
        """;

    [BrowserFact]
    public async Task A_call_is_asked_about_shown_whole_and_answered_with_the_keyboard_alone()
    {
        var token = (await bench.ProvideAsync("asks", Asks))!;
        await using var window = await bench.SignedInAsync();
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await window.GoAsync("overview");
        Assert.Contains("approval_required", await bench.CallAsync("asks", token, "get_customer"));
        await Expect(page).ToHaveTitleAsync(new Regex(@"^\(\d+\) Overview"));

        await keys.PressAsync("g");
        await keys.PressAsync("a");
        await Expect(window.Heading).ToHaveTextAsync("Approvals");
        var request = page.GetByRole(AriaRole.List, new() { Name = "Requests" })
            .GetByRole(AriaRole.Link).Filter(new() { HasText = "asks-bot" });
        await Expect(request).ToContainTextAsync("id 7");
        await Expect(request).ToContainTextAsync(new Regex(@"ends in \d+ (min|h)"));
        for (var steps = 0; steps < 50 && !await ConsoleWindow.IsFocusedAsync(request); steps++)
            await keys.PressAsync("j");
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Arguments" })).ToContainTextAsync("\"id\": \"7\"");
        await window.UntilIdleAsync();
        await keys.PressAsync("a");
        await Expect(page.GetByLabel("Comment")).ToBeFocusedAsync();
        await keys.TypeAsync("seven is fine");
        await keys.PressAsync("Enter");
        await Expect(page.Locator(".open-card .badge").First).ToHaveTextAsync("approved");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        Assert.Contains("\"result\"", await bench.CallAsync("asks", token, "get_customer"));
        await Expect(page.Locator(".open-card")).ToContainTextAsync("seven is fine");
        await window.GoAsync("approvals?q=no-such-request");
        await Expect(page.Locator(".empty code").First).ToHaveTextAsync("\"action\": \"approve\"");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Requests_of_one_rule_are_decided_one_by_one_in_one_dialog()
    {
        var token = (await bench.ProvideAsync("bulk", Asks))!;
        using var agent = ConsoleBench.Agent(token);
        foreach (var id in new[] { "a", "b", "c", "d" })
            await CallAsync(agent, $$"""{ "id": "{{id}}", "amount": 1.50 }""");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("approvals?q=bulk");
        var rows = page.GetByRole(AriaRole.List, new() { Name = "Requests" }).GetByRole(AriaRole.Link);
        await Expect(rows).ToHaveCountAsync(4);
        await Expect(rows.First).ToContainTextAsync("amount 1.50");
        await rows.First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Decide all 4 for this tool and rule" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var left = OpenIds();
        await (await RowOfAsync("a")).GetByLabel("Approve").PressAsync("Space");
        await (await RowOfAsync("b")).GetByLabel("Leave").PressAsync("ArrowLeft");
        await (await RowOfAsync("d")).GetByLabel("Approve").PressAsync("Space");
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("approvals-bulk");

        // Another operator decides one of them while the dialog is open.
        await bench.SendAsync("POST", $"approvals/{(await left)["d"]}/deny", new JsonObject { ["by"] = "Eve" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Approve 2, deny 1" }).PressAsync("Enter");

        await Expect(dialog.GetByRole(AriaRole.Status))
            .ToHaveTextAsync("1 approved, 1 denied, 1 failed, 1 left open");
        await Expect(await RowOfAsync("d")).ToContainTextAsync("Not decided: ");
        await window.PicturesAsync("approvals-bulk-failed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).Last.ClickAsync();
        Assert.Equal("c", Assert.Single(await OpenIds()).Key);
        Assert.Contains("\"result\"", await CallAsync(agent, """{ "id": "a", "amount": 1.50 }"""));
        Assert.Empty(window.ErrorsBut("409"));

        async Task<ILocator> RowOfAsync(string id)
        {
            var row = dialog.GetByRole(AriaRole.Group).Filter(new() { HasText = $"\"id\": \"{id}\"" });
            await Expect(row).ToHaveCountAsync(1);
            return row;
        }

        async Task<Dictionary<string, string>> OpenIds() =>
            JsonNode.Parse(await bench.ReadAsync("approvals?state=open&q=bulk"))!["items"]!.AsArray()
                .ToDictionary(static one => (string)one!["arguments"]!["id"]!, static one => (string)one!["id"]!);
    }

    [BrowserFact]
    public async Task A_request_in_the_queue_shows_the_earlier_decisions_of_its_grant_without_a_request_of_its_own()
    {
        var token = (await bench.ProvideAsync("before", Asks))!;
        using var agent = ConsoleBench.Agent(token);
        foreach (var id in new[] { "a", "b", "c", "d", "e" })
            await bench.CallAsync(agent, "before", "get_customer", id);
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("approvals?q=before");
        var rows = page.GetByRole(AriaRole.List, new() { Name = "Requests" }).GetByRole(AriaRole.Link);
        await Expect(rows).ToHaveCountAsync(5);
        await Expect(rows.First).ToContainTextAsync("This grant in 24 h: no decisions");
        var open = JsonNode.Parse(await bench.ReadAsync("approvals?state=open&q=before"))!["items"]!.AsArray()
            .Select(static one => (string)one!["id"]!).ToList();
        foreach (var (id, verb) in open.Zip(new[] { "approve", "approve", "deny" }))
            await bench.SendAsync("POST", $"approvals/{id}/{verb}", new JsonObject { ["by"] = "Eve" });

        // The first request is open beside the list, and only that one may be read.
        var read = new ConcurrentBag<string>();
        page.Request += (_, request) => read.Add(request.Url);
        await window.GoAsync("approvals?q=before&state=open");
        await Expect(rows).ToHaveCountAsync(2);
        await page.SetViewportSizeAsync(390, 800);
        foreach (var row in await rows.AllAsync())
        {
            var history = row.GetByText("This grant in 24 h: 2 approved, 1 denied");
            await Expect(history).ToBeInViewportAsync(new() { Ratio = 1 });
        }

        Assert.InRange(open.Count(id => read.Any(url => url.Contains(id, StringComparison.Ordinal))), 0, 1);
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("approvals-history");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_phone_shows_the_list_or_the_open_request()
    {
        var token = (await bench.ProvideAsync("narrow", Asks))!;
        foreach (var id in new[] { "a", "b", "c", "d", "e", "f" })
            await bench.CallAsync("narrow", token, "get_customer", id);
        await using var window = await bench.SignedInAsync(390);
        var page = window.Page;
        await window.GoAsync("approvals?q=narrow");
        var rows = page.GetByRole(AriaRole.List, new() { Name = "Requests" }).GetByRole(AriaRole.Link);
        await Expect(rows).ToHaveCountAsync(6);

        await rows.Last.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Arguments" })).ToBeInViewportAsync();
        await Expect(rows).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Requests" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(6);
        Assert.Contains("q=narrow", page.Url, StringComparison.Ordinal);
        Assert.Empty(window.Errors);
    }

    [Trait("run", "full")]
    [BrowserFact]
    public async Task A_denial_reaches_the_agent_with_its_comment_and_a_viewer_is_offered_no_answer()
    {
        var token = (await bench.ProvideAsync("denies", Asks))!;
        await bench.CallAsync("denies", token, "get_customer");
        await using var viewer = await bench.SignedInAsync(name: "vic", displayName: "Vic", role: "viewer");
        await using var approver = await bench.SignedInAsync(name: "apu", displayName: "Apu", role: "approver");
        foreach (var window in new[] { viewer, approver })
        {
            await window.GoAsync("approvals?q=denies");
            await window.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = "denies-bot" }).ClickAsync();
        }

        await Expect(viewer.Page.GetByText("Your roles allow you to view this request, but not to decide it."))
            .ToBeVisibleAsync();
        await viewer.Page.Keyboard.PressAsync("a");
        await Expect(viewer.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await approver.Page.GetByRole(AriaRole.Button, new() { Name = "Deny d" }).ClickAsync();
        await approver.Page.GetByLabel("Comment").FillAsync("ask on Monday");
        await approver.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await Expect(approver.Page.Locator(".open-card .badge").First).ToHaveTextAsync("denied");

        // Whoever only looks sees the answer without loading anything again.
        await Expect(viewer.Page.Locator(".open-card")).ToContainTextAsync("ask on Monday");
        Assert.Contains("ask on Monday", await bench.CallAsync("denies", token, "get_customer"));
        Assert.Empty(viewer.Errors);
        Assert.Empty(approver.Errors);
    }

    private async Task<string> CallAsync(HttpClient agent, string arguments)
    {
        using var call = new StringContent(
            $$"""
            { "jsonrpc": "2.0", "id": 1, "method": "tools/call",
              "params": { "name": "get_customer", "arguments": {{arguments}} } }
            """,
            new MediaTypeHeaderValue("application/json"));
        using var response = await agent.PostAsync(new Uri(bench.Address, "/mcp/bulk"), call);
        return await response.Content.ReadAsStringAsync();
    }
}
