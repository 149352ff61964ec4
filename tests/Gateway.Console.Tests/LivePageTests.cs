using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The live page of several gateways, of which one is missing.</summary>
[Collection(SharedConsole.Name)]
public sealed class LivePageTests(ConsoleBench bench)
{
    private const string Hostile = "gateway-3 <img src=x onerror=alert(1)>";

    [BrowserFact]
    public async Task Says_whose_decisions_they_are_and_who_is_missing()
    {
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        // What a gateway of a fleet sends, as the tests of the fleet read it.
        await page.RouteAsync("**/decisions/stream*", static route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = Event("gateway-1", Frontends) + Event("gateway-1", null, "get_customer")
                + Event("gateway-2", null, "send_refund"),
        }));

        await window.GoAsync("live");

        var rows = page.GetByRole(AriaRole.Row);
        await Expect(rows.Filter(new() { HasText = "send_refund" })).ToContainTextAsync("gateway-2");
        await Expect(rows.Filter(new() { HasText = "get_customer" })).ToContainTextAsync("gateway-1");
        var notice = page.Locator(".notice.warn");
        await Expect(notice).ToContainTextAsync(Hostile + " has sent nothing since");
        await Expect(page.Locator("main")).ToContainTextAsync("From the audit logs of gateway-1, gateway-2");
        await page.GetByLabel("Gateway", new() { Exact = true }).SelectOptionAsync("gateway-2");
        await Expect(rows.Filter(new() { HasText = "get_customer" })).ToHaveCountAsync(0);
        Assert.Contains("gateway=gateway-2", page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("main img").CountAsync());
        Assert.Empty(await window.BarriersAsync(rule: null));
        await page.SetViewportSizeAsync(320, 800);
        Assert.False(await page.EvaluateAsync<bool>(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task An_address_of_the_former_search_leads_to_calls_and_exports_what_matches()
    {
        var token = await bench.ProvideAsync("exported");
        Assert.NotNull(token);
        await bench.CallAsync("exported", token, "get_customer");
        await bench.CallAsync("exported", token, "send_refund");
        await using var window = await bench.SignedInAsync();
        await window.Page.EvaluateAsync(
            "() => { location.hash = '#/live?tab=search&server=exported&outcome=denied'; }");
        await Expect(window.Heading).ToHaveTextAsync("Calls");
        await Expect(window.Page.GetByText("1 matching record")).ToBeVisibleAsync();

        var download = await window.Page.RunAndWaitForDownloadAsync(
            () => window.Page.GetByRole(AriaRole.Link, new() { Name = "Export JSON Lines" }).ClickAsync());

        Assert.EndsWith(".jsonl", download.SuggestedFilename, StringComparison.Ordinal);
        var line = Assert.Single(await File.ReadAllLinesAsync(await download.PathAsync()));
        Assert.Equal("send_refund", (string?)JsonNode.Parse(line)!["tool"]);
        Assert.Empty(window.Errors);
    }

    private static JsonArray Frontends =>
    [
        new JsonObject { ["name"] = "gateway-1", ["state"] = "present" },
        new JsonObject { ["name"] = "gateway-2", ["state"] = "present" },
        new JsonObject { ["name"] = Hostile, ["state"] = "missing", ["since"] = "2026-11-24T12:03:10+00:00" },
    ];

    private static string Event(string frontend, JsonArray? frontends, params string[] tools)
    {
        var data = new JsonObject
        {
            ["frontend"] = frontend, ["sampled"] = false,
            ["items"] = new JsonArray([.. tools.Select(tool => new JsonObject
            {
                ["kind"] = "decision", ["time"] = "2026-11-24T12:03:11.000Z", ["callId"] = $"{frontend}-{tool}",
                ["grant"] = "bot", ["server"] = "crm", ["method"] = "tools/call", ["tool"] = tool,
                ["outcome"] = "allowed", ["rule"] = "/default",
            })]),
        };
        if (frontends is not null)
            data["frontends"] = frontends;
        return $"id: aaaaaaaa/1-0;bbbbbbbb/1-0\ndata: {data.ToJsonString()}\n\n";
    }
}
