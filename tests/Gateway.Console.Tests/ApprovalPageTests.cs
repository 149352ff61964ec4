using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>A person answers what an agent asks, in a browser.</summary>
[Collection(SharedConsole.Name)]
public sealed class ApprovalPageTests(ConsoleBench bench)
{
    private const string Asks = """
        { "version": "1", "default": "deny", "tools": {
          "get_customer": { "action": "approve", "approval": { "wait": "0s" } } } }
        """;

    [BrowserFact]
    public async Task A_call_is_asked_about_shown_whole_and_answered_with_the_keyboard_alone()
    {
        var token = (await bench.ProvideAsync("asks", Asks))!;
        await using var window = await bench.SignedInAsync();
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await window.GoAsync("overview");
        Assert.Contains("approval_required", await bench.CallAsync("asks", token, "get_customer"));
        await Expect(page).ToHaveTitleAsync(new Regex(@"^\(\d+\) Overview"));

        await keys.PressAsync("g");
        await keys.PressAsync("a");
        await Expect(window.Heading).ToHaveTextAsync("Approvals");
        var request = page.GetByRole(AriaRole.List, new() { Name = "Requests" })
            .GetByRole(AriaRole.Link).Filter(new() { HasText = "asks-bot" });
        await Expect(request).ToBeVisibleAsync();
        for (var steps = 0; steps < 50 && !await IsFocusedAsync(request); steps++)
            await keys.PressAsync("j");
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Arguments" })).ToContainTextAsync("\"id\": \"7\"");
        await window.UntilIdleAsync();
        await keys.PressAsync("a");
        await Expect(page.GetByLabel("Comment")).ToBeFocusedAsync();
        await keys.TypeAsync("seven is fine");
        await keys.PressAsync("Enter");
        await Expect(page.Locator(".open-card .badge").First).ToHaveTextAsync("approved");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        Assert.Contains("\"result\"", await bench.CallAsync("asks", token, "get_customer"));
        await Expect(page.Locator(".open-card")).ToContainTextAsync("seven is fine");
        Assert.Empty(window.Errors);
    }

    [Trait("run", "full")]
    [BrowserFact]
    public async Task A_denial_reaches_the_agent_with_its_comment_and_a_viewer_is_offered_no_answer()
    {
        var token = (await bench.ProvideAsync("denies", Asks))!;
        await bench.CallAsync("denies", token, "get_customer");
        await using var viewer = await bench.SignedInAsync(name: "vic", displayName: "Vic", role: "viewer");
        await using var approver = await bench.SignedInAsync(name: "apu", displayName: "Apu", role: "approver");
        foreach (var window in new[] { viewer, approver })
        {
            await window.GoAsync("approvals?q=denies");
            await window.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = "denies-bot" }).ClickAsync();
        }

        await Expect(viewer.Page.GetByText("Your roles allow you to view this request, but not to decide it."))
            .ToBeVisibleAsync();
        await viewer.Page.Keyboard.PressAsync("a");
        await Expect(viewer.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await approver.Page.GetByRole(AriaRole.Button, new() { Name = "Deny d" }).ClickAsync();
        await approver.Page.GetByLabel("Comment").FillAsync("ask on Monday");
        await approver.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await Expect(approver.Page.Locator(".open-card .badge").First).ToHaveTextAsync("denied");

        // Whoever only looks sees the answer without loading anything again.
        await Expect(viewer.Page.Locator(".open-card")).ToContainTextAsync("ask on Monday");
        Assert.Contains("ask on Monday", await bench.CallAsync("denies", token, "get_customer"));
        Assert.Empty(viewer.Errors);
        Assert.Empty(approver.Errors);
    }

    private static Task<bool> IsFocusedAsync(ILocator element) =>
        element.EvaluateAsync<bool>("element => element === document.activeElement");
}
