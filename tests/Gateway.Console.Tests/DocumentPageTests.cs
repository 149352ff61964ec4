using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The documents at <c>/docs</c>, as somebody reads them: searching, narrow, dark, without a mouse.</summary>
[Collection(SharedConsole.Name)]
public sealed class DocumentPageTests(ConsoleBench bench)
{
    [Trait("run", "full")]
    [BrowserFact]
    public async Task No_page_is_wider_than_its_window_and_each_kind_is_without_a_barrier()
    {
        await using var window = await OpenAsync();
        var page = window.Page;
        var links = await page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link)
            .EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        var found = new List<string>();
        Assert.True(links.Length > 20, $"{links.Length} pages");
        foreach (var link in links)
        {
            await page.GotoAsync(link);
            foreach (var width in new[] { 768, 320 })
            {
                await page.SetViewportSizeAsync(width, 800);
                if (await page.EvaluateAsync<bool>(
                    "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"))
                {
                    found.Add($"{link} {width}: is wider than the window");
                }
            }
        }

        // What looks for barriers sets styles, which no page of ours may.
        found.AddRange(window.Errors);
        foreach (var link in links.Where(static link => Regex.IsMatch(link, "(index|gateway-json).html")))
        {
            await page.GotoAsync(link);
            await LookAsync(link, 320, ColorScheme.Light, rule: null);
            await LookAsync(link, 320, ColorScheme.Dark, "color-contrast");
            await LookAsync(link, 1280, ColorScheme.Light, rule: null);
        }

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));

        async Task LookAsync(string link, int width, ColorScheme theme, string? rule)
        {
            await page.SetViewportSizeAsync(width, 800);
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            found.AddRange((await window.BarriersAsync(rule)).Select(barrier => $"{link} {theme} {width}: {barrier}"));
        }
    }

    [BrowserFact]
    public async Task Are_searched_with_the_keyboard_alone()
    {
        await using var window = await OpenAsync();
        var page = window.Page;
        var search = page.GetByRole(AriaRole.Combobox, new() { Name = "Search the documents" });
        var options = page.GetByRole(AriaRole.Option);

        await page.Keyboard.PressAsync("/");
        await Expect(search).ToBeFocusedAsync();
        // Whoever types faster than the index comes is waited for.
        await page.Keyboard.TypeAsync("max_in_flight");
        await Expect(options.First).ToContainTextAsync("max_in_flight");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("section");
        Assert.Empty(await window.BarriersAsync());
        await page.Keyboard.PressAsync("ArrowDown");
        var second = options.Nth(1);
        await Expect(second).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(search).ToHaveAttributeAsync("aria-activedescendant", (await second.GetAttributeAsync("id"))!);
        var there = (await second.EvaluateAsync<string>("link => link.href"))!;
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(there);

        await search.FillAsync("nothinghasthisname");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Nothing found.");
        Assert.Empty(await window.BarriersAsync());
        await page.Keyboard.PressAsync("Escape");
        await Expect(search).ToHaveValueAsync("");
        await Expect(page.GetByRole(AriaRole.Status)).ToBeHiddenAsync();

        await search.FillAsync("<img src=x onerror=alert(1)>");
        await Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Status)).ToBeHiddenAsync();
        Assert.Empty(window.ErrorsBut("inline style"));
    }

    [BrowserFact]
    public async Task A_theme_that_was_chosen_stays_and_the_menu_folds_on_a_narrow_window()
    {
        await using var window = await OpenAsync();
        var page = window.Page;
        await page.SetViewportSizeAsync(320, 800);
        await page.ReloadAsync();
        var pages = page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" });
        await Expect(pages).ToBeHiddenAsync();
        await page.Locator("summary").PressAsync("Enter");
        await pages.GetByRole(AriaRole.Link, new() { Name = "Cookbook" }).PressAsync("Enter");
        await Expect(window.Heading).ToHaveTextAsync("Cookbook");

        var light = await BackAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change between light and dark" }).PressAsync("Enter");
        var dark = await BackAsync();
        Assert.NotEqual(light, dark);
        await page.ReloadAsync();
        Assert.Equal(dark, await BackAsync());
        Assert.Empty(window.Errors);

        Task<string> BackAsync() => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }

    private async Task<ConsoleWindow> OpenAsync()
    {
        var window = await bench.OpenAsync();
        await window.Page.GotoAsync(new Uri(bench.Address, "/docs").AbsoluteUri);
        return window;
    }
}
