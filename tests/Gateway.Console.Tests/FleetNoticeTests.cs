using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The notices of gateways that are missing, or have different configuration files.</summary>
[Collection(SharedConsole.Name)]
public sealed class FleetNoticeTests(ConsoleBench bench)
{
    private const string Difference = "policies/support at host-b (0a1b2c): the smaller maximum holds";

    // A killed gateway counts as missing only after a minute and a half.
    [BrowserFact(WithDatabase = true)]
    [Trait("run", "full")]
    public async Task Gateway_that_was_killed_is_shown_until_it_runs_again()
    {
        await using var database = await PostgresCluster.StartNewAsync();
        await using var own = new OwnBench { Bench = new ConsoleBench { Store = database.Url() } };
        await own.Bench.InitializeAsync();
        using var folder = new TestFolder("gateway-member-");
        string[] options = ["--data", folder.Path, "--store", database.Url()];
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        var missing = page.Locator(".status-bar").GetByRole(AriaRole.Link, new() { Name = "is missing" });

        await using (var member = await GatewayProcess.StartAsync(new GatewayPlace(), options))
        {
            await Soon.UntilAsync(
                async () => JsonNode.Parse(await own.Bench.ReadAsync("usage"))!["frontends"]!.AsArray().Count == 2,
                "the other gateway has written figures");
            Assert.Equal(0, await missing.CountAsync());
            await member.KillAsync();
        }

        await missing.ClickAsync();
        var card = page.GetByRole(AriaRole.Heading, new() { Name = "This gateway" });
        await Expect(page.Locator(".card").Filter(new() { Has = card })).ToContainTextAsync("Start it again");
        await window.PicturesAsync("fleet-missing");
        Assert.Empty(await window.BarriersAsync());

        await using var again = await GatewayProcess.StartAsync(new GatewayPlace(), options);
        await Expect(missing).ToHaveCountAsync(0, new() { Timeout = (float)Soon.AtMost.TotalMilliseconds });
        Assert.Empty(window.Errors);
    }

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
