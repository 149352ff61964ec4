using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Forms whose object another operator changes while they are open.</summary>
[Collection(SharedConsole.Name)]
public sealed class ConcurrentEditTests(ConsoleBench bench)
{
    public static TheoryData<string, string, string, string, string> Forms { get; } = new()
    {
        { "grants/raced-bot", "grants/raced-bot", "Edit grant", "Description",
            """{ "servers": { "raced": "raced" }, "expires": null, "description": "theirs" }""" },
        { "servers/raced", "servers/raced", "Edit server", "Host", """{ "url": "URL", "host": "theirs.example" }""" },
        { "budgets/raced", "budgets/raced", "Edit budget", "Time zone",
            """{ "window": "day", "max": 7, "grants": ["*"], "zone": "Europe/Oslo" }""" },
        { "alerts/raced", "settings/alerts", "Edit raced", "Note",
            """{ "measure": "calls", "above": 5, "over": "1h", "note": "theirs" }""" },
        { "lists/raced", "settings/lists/raced", "", "Values, one per line", """{ "values": ["theirs"] }""" },
    };

    [BrowserTheory]
    [MemberData(nameof(Forms))]
    public async Task Denies_to_save_a_form_whose_object_another_operator_changed_while_it_was_edited(
        string path, string route, string edit, string field, string theirs)
    {
        await bench.ProvideAsync("raced");
        await bench.SendAsync("PUT", "budgets/raced", """{ "window": "day", "max": 5, "grants": ["*"] }""");
        await bench.SendAsync("PUT", "alerts/raced", """{ "measure": "calls", "above": 5, "over": "1h" }""");
        await bench.SendAsync("PUT", "lists/raced", """{ "values": ["first"] }""");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync(route);
        if (edit != "")
            await window.ClickAsync(AriaRole.Button, edit);
        await page.Locator("details:has(> summary:text('More settings'))")
            .EvaluateAllAsync<object?>("all => all.forEach(one => { one.open = true; })");
        var mine = field == "Time zone" ? "Europe/Rome" : "mine";
        await page.GetByLabel(field, new() { Exact = true }).FillAsync(mine);
        await bench.SendAsync("PUT", path, theirs.Replace("URL", bench.ServerUrl, StringComparison.Ordinal));
        var kind = path.Split('/')[0];
        // As the page does every half a minute.
        await page.RunAndWaitForResponseAsync(
            () => page.EvaluateAsync("""
                async kind => {
                  const place = new URL('.', document.querySelector('script[type=module]').src);
                  (await import(new URL('state/resource.js', place))).invalidate(kind);
                }
                """, kind),
            response => response.Url.Contains($"/api/v1/{kind}", StringComparison.Ordinal));
        await window.UntilIdleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Somebody else changed this" }))
            .ToBeVisibleAsync();
        Assert.DoesNotContain(mine, await bench.ReadAsync(path), StringComparison.Ordinal);
        Assert.Empty(window.ErrorsBut("412"));
    }
}
