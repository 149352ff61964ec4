using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>What holds for every page: nothing in the way of anybody, and no foreign text that does anything.</summary>
[Collection(SharedConsole.Name)]
public sealed class EveryPageTests(ConsoleBench bench)
{
    /// <summary>Pages besides those of the navigation; {0} is the name of a server and of its policy.</summary>
    private static readonly string[] More =
    [
        "account", "inbox/snoozed", "start", "start/rules?server={0}", "servers/{0}", "catalogue/{0}/get_customer",
        "grants/{0}-bot", "policies/{0}?view=both", "policies/{0}?view=versions", "settings/lists", "settings/channels",
        "settings/alerts", "settings/operators", "settings/sessions",
    ];

    [Trait("run", "full")]
    [BrowserFact]
    public async Task No_page_has_a_barrier_or_an_error_in_either_theme_wide_or_narrow()
    {
        await bench.ProvideAsync("looked");
        await using var window = await bench.SignedInAsync();
        var found = new List<string>();
        foreach (var route in await RoutesAsync(window, "looked"))
        {
            await window.GoAsync(route);
            // A theme changes colours, a width changes places: what cannot have changed is not looked at again.
            await LookAsync(route, 1280, ColorScheme.Light, rule: null);
            await LookAsync(route, 1280, ColorScheme.Dark, "color-contrast");
            await LookAsync(route, 768, ColorScheme.Light, "target-size");
            await LookAsync(route, 320, ColorScheme.Light, rule: null);
            await LookAsync(route, 390, ColorScheme.Dark, "target-size");
            await LookAsync(route, 1680, ColorScheme.Light, "target-size");
        }

        found.AddRange(window.Errors);
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));

        async Task LookAsync(string route, int width, ColorScheme theme, string? rule)
        {
            await window.Page.SetViewportSizeAsync(width, 800);
            await window.Page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            var barriers = await window.BarriersAsync(rule);
            found.AddRange(barriers.Select(barrier => $"{route} {theme} {width}: {barrier}"));
            if (await window.Page.EvaluateAsync<bool>(
                "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"))
            {
                found.Add($"{route} {width}: is wider than the window");
            }

            await ScreenshotAsync(window, route, width, theme);
        }
    }

    [BrowserFact]
    public async Task A_page_shows_its_commands_behind_one_button()
    {
        await bench.ProvideAsync("commands");
        await bench.SendAsync("PUT", "policies/commands", """{ "version": "1", "default": "deny" }""");
        await using var window = await bench.SignedInAsync();
        var commands = window.Page.Locator("main > details.command");
        string[] routes =
        [
            "calls", "budgets", "account", "policies/commands", "grants/commands-bot", "servers/commands", "approvals",
        ];
        foreach (var route in routes)
        {
            await window.GoAsync(route);
            await Expect(commands).ToHaveCountAsync(1);
            await Expect(window.Page.GetByText("Command line", new() { Exact = true })).ToHaveCountAsync(1);
        }

        await window.GoAsync("account");
        await commands.GetByText("Command line").ClickAsync();
        Assert.InRange(await commands.Locator("code:visible").CountAsync(), 2, 10);
        await window.PicturesAsync("commands");
        // A dialog covers the page, so it shows its own.
        await window.GoAsync("policies/commands?view=versions");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Compare version" }).ClickAsync();
        await Expect(window.Page.Locator("dialog details.command")).ToHaveCountAsync(1);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Tables_show_each_column_on_a_phone()
    {
        await bench.ProvideAsync("phone");
        await using var window = await bench.SignedInAsync();
        await window.Page.SetViewportSizeAsync(390, 800);
        await window.GoAsync("grants?q=phone");

        var row = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "phone-bot" });
        foreach (var title in new[] { "Status", "Servers and policies", "Last used", "Expires", "Created by" })
        {
            var cell = row.Locator($"td[data-title='{title}']");
            await Expect(cell).ToBeVisibleAsync();
            Assert.Equal(
                $"\"{title}\"",
                await cell.EvaluateAsync<string>("cell => getComputedStyle(cell, '::before').content"));
        }

        await window.PicturesAsync("phone-table");
        Assert.Empty(await window.BarriersAsync());
    }

    [BrowserFact]
    public async Task Hostile_words_of_a_server_are_shown_and_do_nothing()
    {
        const string hidden = "\u202Etxt\u200B\U000E0041";
        var token = (await bench.ProvideAsync("hostile", $$"""
            { "version": "1", "default": "deny", "tools": {
              "get_customer": { "action": "approve" },
              "*": { "action": "deny", "reason": {{JsonValue.Create(ConsoleBench.Hostile + hidden).ToJsonString()}} } } }
            """))!;
        await bench.CallAsync("hostile", token, ConsoleBench.Hostile);
        await bench.CallAsync("hostile", token, "get_customer", ConsoleBench.Hostile + hidden);
        await using var window = await bench.SignedInAsync(name: "mallory", displayName: ConsoleBench.Hostile + hidden);
        var page = window.Page;
        var tool = Uri.EscapeDataString(ConsoleBench.Hostile);

        foreach (var route in (await RoutesAsync(window, "hostile")).Append($"catalogue/hostile/{tool}"))
        {
            await window.GoAsync(route);
            Assert.Equal(0, await page.Locator("main img, main script").CountAsync());
            // Only the editor of a policy has its text as it is, as it has to be written back.
            Assert.DoesNotMatch("[\u202E\u200B]", await page.Locator("main").InnerTextAsync());
        }

        await window.GoAsync("account");
        await Expect(page.Locator("main .page-head")).ToContainTextAsync(
            ConsoleBench.Hostile + "U+202EtxtU+200BU+E0041");
        await window.GoAsync("calls?server=hostile");
        await Expect(page.Locator("main")).ToContainTextAsync(ConsoleBench.Hostile);
        await window.GoAsync("approvals?q=hostile");
        await page.GetByRole(AriaRole.Link).Filter(new() { HasText = "hostile-bot" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Arguments" }))
            .ToContainTextAsync("onerror=alert(1)><script>alert(2)</script>U+202EtxtU+200BU+E0041");
        Assert.Equal(0, await page.Locator("main img, main script").CountAsync());
        Assert.Empty(window.Errors);
    }

    /// <summary>
    /// The program that users install has other scripts than the modules of the source: see tools/vendor/console.mjs.
    /// </summary>
    [BrowserFact]
    public async Task Each_page_of_the_program_loads()
    {
        await using var own = new OwnBench { Bench = new ConsoleBench { IsProgram = true } };
        var program = own.Bench;
        await program.InitializeAsync();
        await program.ProvideAsync("looked");
        await using var window = await program.SignedInAsync();

        foreach (var route in (await RoutesAsync(window, "looked")).Append("usage?by=tool"))
        {
            await window.GoAsync(route);
            await Expect(window.Page.Locator("main h1").First).Not.ToHaveTextAsync("Page not loaded");
        }

        var isBundle = await window.Page.Locator("link[rel=modulepreload]").CountAsync() > 0;
        Assert.True(
            isBundle || Environment.GetEnvironmentVariable("GATEWAY_PROGRAM") is null,
            "GATEWAY_PROGRAM was published without -p:ConsoleFolder.");
        Assert.Empty(window.Errors);
    }

    private static async Task<IEnumerable<string>> RoutesAsync(ConsoleWindow window, string name)
    {
        var links = await window.Page.Locator("#navigation a[href^='#/']").EvaluateAllAsync<string[]>(
            "links => links.map(link => link.getAttribute('href').slice(2))");
        return links.Concat(More.Select(route => string.Format(CultureInfo.InvariantCulture, route, name)));
    }

    private static async Task ScreenshotAsync(ConsoleWindow window, string route, int width, ColorScheme theme)
    {
        if (Environment.GetEnvironmentVariable("GATEWAY_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        var name = Regex.Replace(route, "[^a-z]+", "-");
        await window.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(folder, FormattableString.Invariant($"{name}-{width}-{theme}.png").ToLowerInvariant()),
        });
    }
}
