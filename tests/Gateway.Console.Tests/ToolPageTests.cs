using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Everything about one tool, in the console and as an exported page.</summary>
[Collection(SharedConsole.Name)]
public sealed class ToolPageTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task Console_shows_every_part_and_evaluates_the_recommended_policy_on_recorded_calls()
    {
        var token = (await bench.ProvideAsync("parts"))!;
        await bench.ProvideAsync("parts-too");
        await bench.CallAsync("parts", token, "get_customer");
        await bench.CallAsync("parts", token, "delete_customer");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("catalogue/parts-too/get_customer");

        await window.GoAsync("catalogue/parts/get_customer");
        foreach (var part in (string[])[
            "Classification", "Recommended policy", "Attack patterns", "Access by grant", "Related tools", "Schema",
            "Definition", "Questions and answers"])
        {
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = part, Exact = true })).ToBeVisibleAsync();
        }

        await Expect(page.GetByText("Reads data and returns it to the agent.").First).ToBeVisibleAsync();
        await Expect(page.GetByText("First listed by the server")).ToBeVisibleAsync();
        await Expect(page.GetByText("on parts-too")).ToBeVisibleAsync();
        await Expect(page.GetByText("It applies because").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "the policy", Exact = true }))
            .ToContainTextAsync("\"pin\": \"deny\"");
        await page.GetByRole(AriaRole.Button, new() { Name = "Evaluate last week's calls" }).ClickAsync();
        await Expect(page.GetByText("1 unchanged")).ToBeVisibleAsync();
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("tool");
        await page.GetByText("Arguments", new() { Exact = true }).ClickAsync();
        await Expect(page.GetByText("\"type\": \"object\"").First).ToBeVisibleAsync();
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Exported_pages_are_read_without_the_gateway_and_run_only_their_copy_button()
    {
        await bench.ProvideAsync("paged");
        using var folder = new TestFolder();
        var target = Path.Combine(folder.Path, "pages");
        var done = await new Cli(folder.Path, bench.Address, bench.AdminKey).RunAsync(
            "catalogue", "export", "--server", "paged", "--out", target);
        Assert.True(done.ExitCode == 0, done.Errors);
        await using var window = await bench.OpenAsync();
        var page = window.Page;

        await page.GotoAsync(new Uri(Path.Combine(target, "index.html")).AbsoluteUri);
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("exported-index");
        await page.GetByRole(AriaRole.Link, new() { Name = "send_refund" }).ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("send_refund");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).First).ToBeVisibleAsync();
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            Assert.Empty(await window.BarriersAsync());
        }

        await window.PicturesAsync("exported-tool");
        await page.SetViewportSizeAsync(390, 800);
        Assert.False(await page.EvaluateAsync<bool>(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        await page.GetByRole(AriaRole.Link, new() { Name = "All tools of this server" }).ClickAsync();
        await page.GetByRole(AriaRole.Link).Filter(new() { HasText = "<img" }).ClickAsync();
        await Expect(window.Heading).ToContainTextAsync(ConsoleBench.Hostile);
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.Empty(window.Errors);
    }
}
