using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Pages do not move what somebody reads or points at.</summary>
[Collection(SharedConsole.Name)]
public sealed class LayoutShiftTests(ConsoleBench bench)
{
    /// <summary>The bound for "good" of Core Web Vitals.</summary>
    private const double ShiftMax = 0.1;

    /// <summary>{0} is the name of a server and of its policy.</summary>
    private static readonly string[] Routes =
    [
        "overview", "calls", "approvals", "servers", "servers/{0}", "grants", "policies", "policies/{0}?view=both",
        "budgets", "usage", "inbox", "settings",
    ];

    [BrowserFact(OnlyInChromium = true)]
    public async Task No_page_moves_its_content_while_it_loads()
    {
        var token = (await bench.ProvideAsync("still", """
            { "version": "1", "default": "deny", "tools": {
              "get_customer": { "limits": [ { "counter": "calls", "max": 100, "window": "1h" } ] },
              "send_refund": { "action": "approve", "approval": { "wait": "0s" } } } }
            """))!;
        await bench.CallAsync("still", token, "get_customer");
        await bench.CallAsync("still", token, "send_refund");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("calls?grant=still-bot");
        var call = await page.GetByRole(AriaRole.Region, new() { Name = "Records" }).Locator("tbody a").First
            .GetAttributeAsync("href");
        await page.AddInitScriptAsync("""
            globalThis.shifts = [];
            new PerformanceObserver(list => { for (const one of list.getEntries())
              if (!one.hadRecentInput) shifts.push({ value: one.value, nodes: one.sources.map(source =>
                source.node?.outerHTML?.slice(0, 120) ?? source.node?.textContent) }); })
              .observe({ type: 'layout-shift', buffered: true });
            """);

        // Other tests of this console cause conditions; this one is there from the start, and is read last.
        await page.RouteAsync("**/api/v1/status", static async route =>
        {
            var response = await route.FetchAsync();
            var status = JsonNode.Parse(await response.TextAsync())!;
            status["attention"] = JsonNode.Parse("""
                [{ "kind": "server.failing", "severity": "critical", "text": "Fails.", "page": "servers", "id": "1" }]
                """);
            await Task.WhenAny(new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromMilliseconds(500)));
            await route.FulfillAsync(new() { Response = response, Body = status.ToJsonString() });
        });

        var found = new List<string>();
        foreach (var route in Routes.Select(static one => string.Format(CultureInfo.InvariantCulture, one, "still"))
            .Append(call![2..]))
        {
            foreach (var width in new[] { 390, 1280 })
            {
                await page.SetViewportSizeAsync(width, 900);
                // A new document: in the same one, a page that was read before would not be read again.
                await page.GotoAsync("about:blank");
                await page.GotoAsync(new Uri(bench.Address, "/console/#/" + route).AbsoluteUri);
                await page.Locator("main h1").First.WaitForAsync();
                await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
                await UntilReadAsync(page);
                await window.UntilIdleAsync();
                var sum = await page.EvaluateAsync<double>("() => shifts.reduce((sum, one) => sum + one.value, 0)");
                if (sum > ShiftMax)
                {
                    found.Add(FormattableString.Invariant($"{route} at {width}: {sum:0.000} ")
                        + await page.EvaluateAsync<string>("() => JSON.stringify(shifts.filter(s => s.value > 0.01))"));
                }
            }
        }

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    private static async Task UntilReadAsync(IPage page)
    {
        try
        {
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle, new() { Timeout = 2000 });
        }
        catch (TimeoutException)
        {
            // A page that reads a stream is never idle.
        }
    }
}
