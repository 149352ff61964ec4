using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The console as an operator uses it, in a browser.</summary>
[Collection(SharedConsole.Name)]
public sealed class ConsoleTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task The_link_of_the_first_start_leads_to_the_first_call_and_the_first_refusal()
    {
        await using var own = new OwnBench();
        await own.Bench.InitializeAsync();
        await using var window = await own.Bench.OpenAsync();
        var page = window.Page;
        await page.GotoAsync(own.Bench.FirstRun.AbsoluteUri);
        await page.GetByLabel("Username").FillAsync("ana");
        await page.GetByLabel("Password").FillAsync(ConsoleBench.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();

        await page.GetByLabel("Server name").FillAsync("shop");
        await page.GetByLabel("MCP endpoint URL").FillAsync(own.Bench.ServerUrl);
        await page.GetByRole(AriaRole.Button, new() { Name = "Register and connect" }).ClickAsync();
        await Expect(page.GetByText("delete_customer", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use these rules" }).ClickAsync();
        await page.GetByLabel("Grant name").FillAsync("bot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create grant" }).ClickAsync();
        var token = (await page.GetByRole(AriaRole.Region, new() { Name = "the token" }).TextContentAsync())!;
        await Expect(page.GetByText($"Bearer {token}")).ToBeVisibleAsync();
        await own.Bench.CallAsync("shop", token, "get_customer");
        await Expect(page.GetByText("The call was sent to the server.")).ToBeVisibleAsync();
        await own.Bench.CallAsync("shop", token, "no_such_tool");
        await Expect(page.GetByText("A rule refused the call. It was not sent to the server.")).ToBeVisibleAsync();
        Assert.Empty(window.Errors);

        await using var second = await own.Bench.OpenAsync();
        await second.Page.GotoAsync(own.Bench.FirstRun.AbsoluteUri);
        await second.Page.GetByLabel("Username").FillAsync("eve");
        await second.Page.GetByLabel("Password").FillAsync(ConsoleBench.Password);
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(second.Page.GetByText("This link is no longer valid")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Guide_replaces_a_policy_only_after_its_name_is_typed()
    {
        await bench.ProvideAsync("guided");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        var before = await bench.ReadAsync("policies/guided");
        await window.GoAsync("start/rules?server=guided");

        await window.ClickAsync(AriaRole.Button, "Use these rules");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Replace policy" });
        var replace = dialog.GetByRole(AriaRole.Button, new() { Name = "Replace policy" });
        await Expect(replace).ToBeDisabledAsync();
        Assert.Empty(await window.BarriersAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        Assert.Equal(before, await bench.ReadAsync("policies/guided"));

        await window.ClickAsync(AriaRole.Button, "Use these rules");
        await dialog.GetByLabel("Type guided to confirm").FillAsync("guided");
        await replace.ClickAsync();
        await Expect(page.GetByLabel("Grant name")).ToBeVisibleAsync();
        Assert.NotEqual(before, await bench.ReadAsync("policies/guided"));
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Decisions_appear_as_they_happen_and_say_why()
    {
        var token = await bench.ProvideAsync("live");
        await using var window = await bench.SignedInAsync();
        await window.GoAsync("live?server=live");
        await Expect(window.Page.GetByText("connected", new() { Exact = true })).ToBeVisibleAsync();

        await bench.CallAsync("live", token!, ConsoleBench.Hostile);

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "<img src=x" }).ClickAsync();
        await Expect(window.Page.Locator(".timeline"))
            .ToContainTextAsync("A rule refused the call. It was not sent to the server.");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task The_timeline_of_a_call_begins_with_its_arrival()
    {
        var token = await bench.ProvideAsync("arrived");
        await bench.CallAsync("arrived", token!, "get_customer");
        await Soon.UntilAsync(
            async () => (await bench.ReadAsync("audit/search?server=arrived&kind=outcome"))
                .Contains("durationMs", StringComparison.Ordinal),
            "the result is on record");
        await using var window = await bench.SignedInAsync();
        await window.GoAsync("calls?server=arrived&kind=decision");
        await window.ClickAsync(AriaRole.Link, "get_customer");

        var steps = window.Page.Locator(".timeline > li");
        await Expect(steps).ToHaveCountAsync(3);
        await Expect(steps.First).ToContainTextAsync("Received");
        await Expect(steps.Nth(1)).ToContainTextAsync("Allowed and sent to arrived");
        await window.PicturesAsync("call-timeline");
        Assert.Empty(await window.BarriersAsync());
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task The_keyboard_alone_signs_in_goes_everywhere_and_signs_out()
    {
        await using var window = await bench.SignedInAsync();
        var keys = window.Page.Keyboard;
        await Expect(window.Heading).ToHaveTextAsync("Overview");

        await keys.PressAsync("g");
        await keys.PressAsync("l");
        await Expect(window.Heading).ToHaveTextAsync("Live");
        await keys.PressAsync("Control+k");
        await Expect(window.Page.GetByRole(AriaRole.Combobox, new() { Name = "Go to" })).ToBeFocusedAsync();
        await keys.TypeAsync("your acc");
        await keys.PressAsync("Enter");
        await Expect(window.Heading).ToHaveTextAsync("Your account");
        // The new page takes the focus once it is drawn.
        await window.UntilIdleAsync();
        await keys.PressAsync("?");
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Keyboard shortcuts");
        await keys.PressAsync("Escape");
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await window.UntilIdleAsync();
        var signOut = window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First;
        await signOut.FocusAsync();
        await Expect(signOut).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(window.Heading).ToHaveTextAsync("Sign in");
        Assert.Empty(window.Errors);
    }
}
