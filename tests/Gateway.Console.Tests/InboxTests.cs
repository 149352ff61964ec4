using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An operator works through the inbox.</summary>
[Collection(SharedConsole.Name)]
public sealed class InboxTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task Condition_is_taken_commented_snoozed_and_opened_again()
    {
        await bench.ProvideAsync("inbox");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await bench.SendAsync("POST", "servers/inbox/pause", "{}");

        await window.GoAsync("inbox");
        var row = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "The server inbox is paused" });
        var link = row.GetByRole(AriaRole.Link);
        await Expect(link).ToBeVisibleAsync();
        for (var steps = 0; steps < 50 && !await ConsoleWindow.IsFocusedAsync(link); steps++)
            await page.Keyboard.PressAsync("j");
        await Expect(link).ToBeFocusedAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Assign to me" }).ClickAsync();
        await Expect(row).ToContainTextAsync("you");
        Assert.Empty(await window.BarriersAsync());
        await row.GetByRole(AriaRole.Button, new() { Name = "Snooze or comment" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Snooze or comment" });
        await dialog.GetByLabel("Comment").FillAsync("The vendor repairs it.");
        await dialog.GetByLabel("Assignee").FillAsync("nobody-here");
        await dialog.GetByLabel("Snooze", new() { Exact = true }).SelectOptionAsync("4h");
        Assert.Empty(await window.BarriersAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no operator");
        await dialog.GetByLabel("Assignee").FillAsync(ConsoleBench.Operator);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog).Not.ToBeVisibleAsync();

        await Expect(row).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Status).First).Not.ToContainTextAsync("The server inbox is paused");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Snoozed ") }).ClickAsync();
        await Expect(row).ToContainTextAsync("The vendor repairs it.");
        await Expect(row).ToContainTextAsync("or until its text or severity changes");
        await window.PicturesAsync("inbox");
        await row.GetByRole(AriaRole.Button, new() { Name = "End snooze" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Open ") }).ClickAsync();
        await Expect(row).ToContainTextAsync("The vendor repairs it.");
        await bench.SendAsync("POST", "servers/inbox/resume", "{}");
    }

    [BrowserFact]
    public async Task Critical_condition_stays_in_the_bar_and_on_the_overview_while_it_is_snoozed()
    {
        await using var own = new OwnBench { Bench = new ConsoleBench() };
        await own.Bench.InitializeAsync();
        await own.Bench.SendAsync("POST", "pause", "{}");
        var paused = JsonNode.Parse(await own.Bench.ReadAsync("attention"))!["items"]!.AsArray()
            .Single(static one => (string?)one!["kind"] == "gateway.paused")!;
        await own.Bench.SendAsync("PUT", $"attention/{paused["id"]}", """{ "snooze": "4h" }""");
        await using var window = await own.Bench.SignedInAsync();

        await window.GoAsync("overview");

        var page = window.Page;
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume calls" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Nothing needs attention")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Every call is refused");
    }

    [BrowserFact]
    public async Task Session_that_ends_says_so_on_the_page_of_sign_in()
    {
        await using var window = await bench.SignedInAsync();
        await window.GoAsync("overview");

        await window.Page.Context.ClearCookiesAsync();

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Inbox", Exact = true }).ClickAsync();
        await Expect(window.Page.GetByText("Your session has ended")).ToBeVisibleAsync();
        await Expect(window.Page.GetByLabel("Username")).ToBeVisibleAsync();
    }
}
