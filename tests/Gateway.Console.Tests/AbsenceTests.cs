using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An approver goes away, and a colleague decides in that time.</summary>
[Collection(SharedConsole.Name)]
public sealed class AbsenceTests(ConsoleBench bench)
{
    private const string Asks = """
        { "version": "1", "default": "deny", "tools": {
          "get_customer": { "action": "approve", "approval": { "wait": "0s" } } } }
        """;

    [BrowserFact]
    public async Task Absence_is_set_with_the_keyboard_and_the_delegate_decides_until_it_is_ended()
    {
        var token = (await bench.ProvideAsync("away", Asks))!;
        await using var delegates = await bench.SignedInAsync(
            name: "anja", displayName: "Anja Frei", role: "viewer");
        await using var window = await bench.SignedInAsync(
            name: "benno", displayName: "Benno Kurz", role: "approver:away");
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await window.GoAsync("account");
        var card = page.Locator(".card").Filter(new() { Has = page.GetByRole(
            AriaRole.Heading, new() { Name = "Absence", Exact = true }) });
        // A day whose number is its month's: browsers differ in the order of the two, and in the need for "AM".
        var now = TimeProvider.System.GetUtcNow();
        var end = Enumerable.Range(2, 40).Select(days => now.AddDays(days)).First(static day => day.Day == day.Month);

        await card.GetByLabel("Until").FocusAsync();
        await keys.TypeAsync(end.ToString("ddMMyyyy", CultureInfo.InvariantCulture));
        await keys.PressAsync("Tab");
        await keys.TypeAsync("0930AM");
        await TabToAsync(page, card.GetByLabel("Delegate"));
        await keys.TypeAsync("anja");
        await TabToAsync(page, card.GetByLabel("Note (optional)"));
        await keys.TypeAsync("On leave");
        await keys.PressAsync("Enter");

        await Expect(card).ToContainTextAsync(new Regex(@"You are away until .*09:30 [^;]+; anja decides for you\."));
        await Expect(card).ToContainTextAsync("On leave");
        Assert.Equal("", string.Join('\n', await window.BarriersAsync()));
        await DecideAsync(delegates, token);
        await using (var admin = await bench.SignedInAsync())
        {
            await admin.GoAsync("settings/operators");
            await Expect(admin.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Benno Kurz" }))
                .ToContainTextAsync("away");
            await admin.PicturesAsync("operators-away");
            await admin.GoAsync("settings/operators/benno");
            await Expect(admin.Page.GetByText("benno is away until")).ToBeVisibleAsync();
            Assert.Equal("", string.Join('\n', await admin.BarriersAsync()));
            await admin.PicturesAsync("operator-away");
        }

        await window.GoAsync("approvals?state=all");
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Away" }))
            .ToContainTextAsync("You are away until");
        await window.GoAsync("account");
        await window.PicturesAsync("absence");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Change absence" })).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "End absence" }).PressAsync("Enter");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Set absence" })).ToBeVisibleAsync();
        Assert.Empty(window.Errors);
    }

    private async Task DecideAsync(ConsoleWindow window, string token)
    {
        var page = window.Page;
        Assert.Contains("approval_required", await bench.CallAsync("away", token, "get_customer"));
        await window.GoAsync("approvals?q=away-bot");
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Away" }))
            .ToContainTextAsync("you decide for benno");
        await page.GetByRole(AriaRole.List, new() { Name = "Requests" }).GetByRole(AriaRole.Link).First
            .PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Approve a" })).ToBeVisibleAsync();
        Assert.Equal("", string.Join('\n', await window.BarriersAsync()));
        await page.Keyboard.PressAsync("a");
        await Expect(page.GetByLabel("Comment")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".open-card")).ToContainTextAsync("anja for benno");
        await window.PicturesAsync("approvals-away");
        Assert.Contains("\"result\"", await bench.CallAsync("away", token, "get_customer"));
        Assert.Empty(window.Errors);
    }

    private static async Task TabToAsync(IPage page, ILocator target)
    {
        for (var steps = 0; steps < 12 && !await ConsoleWindow.IsFocusedAsync(target); steps++)
            await page.Keyboard.PressAsync("Tab");
        await Expect(target).ToBeFocusedAsync();
    }
}
