using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>
/// The pictures of <c>docs/how-to/console.md</c>, taken from a gateway with a little of everything.
/// <c>GATEWAY_UPDATE=1 dotnet test tests/Gateway.Console.Tests --filter PictureTests</c> takes them again.
/// </summary>
[Collection(SharedConsole.Name)]
public sealed class PictureTests(ConsoleBench bench)
{
    private const string Policy = """
        {
          "version": "1",
          "default": "deny",
          "tools": {
            "find_order": {},
            "send_*": { "limits": [ { "counter": "letters", "window": "minute", "max": 30, "scope": "grant" } ] },
            "refund_order": {
              "action": "approve",
              "deny_if": [ { "path": "args.amount", "op": "gt", "value": 500, "reason": "more than 500 is paid by hand" } ]
            }
          },
          "hide": ["delete_order"]
        }
        """;

    private static readonly (string Route, string Name)[] Pages =
    [
        ("overview", "overview"), ("inbox", "inbox"), ("live", "live"), ("calls", "calls"),
        ("approvals", "approvals"),
        ("history", "changes"),
        ("servers", "servers"), ("servers/shop", "server"), ("catalogue", "catalogue"),
        ("catalogue/shop/refund_order", "tool"), ("grants", "grants"), ("grants/support-bot", "grant"),
        ("policies", "policies"), ("policies/shop?view=both", "policy"), ("policies/shop?view=versions", "versions"),
        ("start/rules?server=shop", "start"), ("settings", "settings"), ("settings/lists", "lists"),
        ("settings/channels", "channels"), ("settings/alerts", "alerts"), ("budgets", "budgets"),
        ("settings/operators", "operators"), ("settings/sessions", "sessions"),
        ("account", "account"),
    ];

    private static bool IsWritten => Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1";

    [BrowserFact(OnlyForPictures = true)]
    public async Task Each_picture_of_the_documents_is_of_a_page_that_works()
    {
        var folder = IsWritten
            ? SourceTree.PathOf("docs", "how-to", "console")
            : Directory.CreateDirectory(SourceTree.PathOf("artifacts", "pictures")).FullName;
        await ProvideAsync();
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await page.SetViewportSizeAsync(1080, 660);
        foreach (var (route, name) in Pages)
        {
            await window.GoAsync(route);
            if (name == "approvals")
            {
                await page.GetByRole(AriaRole.Link).Filter(new() { HasText = "refund_order" }).First.ClickAsync();
                await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Arguments" })).ToBeVisibleAsync();
            }

            await Expect(page.GetByRole(AriaRole.Status, new() { Name = "Loading" })).ToHaveCountAsync(0);
            foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                await window.UntilIdleAsync();
                var file = Path.Combine(folder, $"{name}-{(theme == ColorScheme.Light ? "light" : "dark")}.png");
                await page.ScreenshotAsync(new() { Path = file });
            }
        }

        Assert.Empty(window.Errors);
        // All of them together are a small part of the repository.
        Assert.InRange(new DirectoryInfo(folder).GetFiles("*.png").Sum(static file => file.Length), 100_000, 4_000_000);
    }

    private async Task ProvideAsync()
    {
        await bench.SendAsync("PUT", "servers/shop", new JsonObject { ["url"] = bench.ServerUrl + HostileTools.Shop });
        await bench.SendAsync("PUT", "policies/shop", Policy);
        var made = await bench.SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = "support-bot", ["servers"] = new JsonObject { ["shop"] = "shop" }, ["expires"] = "90d",
        });
        var token = (string)made!["token"]!;
        foreach (var tool in new[] { "find_order", "find_order", "send_letter", "delete_order", "refund_order" })
            await bench.CallAsync("shop", token, tool, "A-1007");
    }
}
