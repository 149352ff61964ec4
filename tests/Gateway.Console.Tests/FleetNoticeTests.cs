using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The notice that gateways of a fleet have different configuration files.</summary>
[Collection(SharedConsole.Name)]
public sealed class FleetNoticeTests(ConsoleBench bench)
{
    private const string Difference = "policies/support at host-b (0a1b2c): the smaller maximum holds";

    [BrowserFact]
    public async Task Overview_and_settings_show_each_difference_in_both_themes()
    {
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        // The real status of this gateway with the member that a fleet adds: tests/Gateway.Fleet.Tests has the fleet.
        await page.RouteAsync("**/api/v1/status", static async route =>
        {
            var response = await route.FetchAsync();
            var status = JsonNode.Parse(await response.TextAsync())!;
            status["fleet"] = JsonNode.Parse("""
                {
                  "since": "2026-11-26T10:00:00Z",
                  "differences": [
                    { "object": "policies/support", "frontend": "host-b (0a1b2c)", "effect": "the smaller maximum holds" }
                  ]
                }
                """);
            status["attention"] = new JsonArray(new JsonObject
            {
                ["severity"] = "warning",
                ["text"] = "The gateways of the fleet have different configuration files",
                ["page"] = "settings",
                ["detail"] = Difference,
            });
            await route.FulfillAsync(new() { Response = response, Body = status.ToJsonString() });
        });
        var pictures = Directory.CreateDirectory(SourceTree.PathOf("artifacts", "pictures")).FullName;

        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            foreach (var route in (string[])["overview", "settings"])
            {
                await window.GoAsync(route);
                await Expect(page.GetByText("gateways of the fleet have different configuration files").First)
                    .ToBeVisibleAsync();
                await Expect(page.GetByText(Difference).First).ToBeVisibleAsync();
                Assert.Empty(await window.BarriersAsync());
                if (!ConsoleWindow.TakesPictures)
                    continue;
                await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"fleet-{route}-{theme}.png") });
            }
        }

        Assert.Empty(window.Errors);
    }
}
