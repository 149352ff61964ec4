using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An administrator invites an approver, who sets up a sign-in and decides a call.</summary>
[Collection(SharedConsole.Name)]
public sealed class InvitationPageTests(ConsoleBench bench)
{
    private const string Asks = """
        { "version": "1", "default": "deny", "tools": {
          "get_customer": { "action": "approve", "approval": { "wait": "0s" } } } }
        """;

    [BrowserFact]
    public async Task Invited_approver_signs_in_and_approves_with_the_keyboard_alone()
    {
        var token = (await bench.ProvideAsync("invites", Asks))!;
        await using var admin = await bench.SignedInAsync();
        var link = await InviteAsync(admin, "ivy", "approver");

        await using var invited = await bench.OpenAsync();
        var (page, keys) = (invited.Page, invited.Page.Keyboard);
        await page.GotoAsync(link);
        await Expect(invited.Heading).ToHaveTextAsync("You are invited");
        await Expect(page.GetByText("invites you to this gateway as approver for invites.")).ToBeVisibleAsync();
        Assert.Empty(await invited.BarriersAsync());
        await invited.PicturesAsync("invitation");
        await TabToAsync(page, page.GetByLabel("Password", new() { Exact = true }));
        await keys.TypeAsync(ConsoleBench.Password);
        await keys.PressAsync("Enter");
        await Expect(invited.Heading).ToHaveTextAsync("Approvals");

        Assert.Equal(["Approvals"], await page.Locator("#navigation a[href^='#/'] > span:first-of-type")
            .AllTextContentsAsync());
        Assert.Contains("approval_required", await bench.CallAsync("invites", token, "get_customer"));
        var request = page.GetByRole(AriaRole.List, new() { Name = "Requests" })
            .GetByRole(AriaRole.Link).Filter(new() { HasText = "invites-bot" });
        await Expect(request).ToBeVisibleAsync();
        await TabToAsync(page, request);
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Arguments" })).ToBeVisibleAsync();
        await invited.UntilIdleAsync();
        await keys.PressAsync("a");
        await Expect(page.GetByLabel("Comment")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Locator(".open-card .badge").First).ToHaveTextAsync("approved");
        Assert.Contains("\"result\"", await bench.CallAsync("invites", token, "get_customer"));
        await page.EvaluateAsync("() => { location.hash = '#/settings/operators'; }");
        await Expect(invited.Heading).ToHaveTextAsync("You don't have access");
        Assert.Empty(invited.Errors);

        await using var late = await bench.OpenAsync();
        await late.Page.GotoAsync(link);
        await Expect(late.Page.GetByText("This link does not work")).ToBeVisibleAsync();
        await Expect(late.Page.GetByRole(AriaRole.Link, new() { Name = "Go to sign-in" })).ToBeVisibleAsync();
        Assert.Empty(await late.BarriersAsync());
        await late.PicturesAsync("invitation-used");
        await TabToAsync(late.Page, late.Page.GetByRole(AriaRole.Link, new() { Name = "Go to sign-in" }));
        await late.Page.Keyboard.PressAsync("Enter");
        await Expect(late.Heading).ToHaveTextAsync("Sign in");
        Assert.Empty(late.ErrorsBut("403"));
    }

    [BrowserFact]
    public async Task Open_invitation_is_listed_and_withdrawn_and_a_signed_in_browser_does_not_use_the_link()
    {
        await bench.ProvideAsync("invites-too");
        await using var admin = await bench.SignedInAsync();
        var page = admin.Page;
        var link = await InviteAsync(admin, "kim", "viewer", isPictured: true);

        await page.EvaluateAsync("link => { location.href = link; }", link);
        await Expect(page.GetByText("You are already signed in")).ToBeVisibleAsync();
        await admin.GoAsync("settings/operators");
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw invitation of kim" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("kim");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw", Exact = true })
            .ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Withdraw invitation of kim" }))
            .ToHaveCountAsync(0);

        await using var late = await bench.OpenAsync();
        await late.Page.GotoAsync(link);
        await Expect(late.Page.GetByText("This link does not work")).ToBeVisibleAsync();
        Assert.Empty(admin.Errors);
    }

    /// <summary>Invites for the first server with the keyboard, and returns the link that is shown.</summary>
    private static async Task<string> InviteAsync(
        ConsoleWindow admin, string name, string role, bool isPictured = false)
    {
        var (page, keys) = (admin.Page, admin.Page.Keyboard);
        await admin.GoAsync("settings/operators");
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Invite person" }));
        await keys.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("Username")).ToBeFocusedAsync();
        await keys.TypeAsync(name);
        await TabToAsync(page, dialog.GetByLabel("Role", new() { Exact = true }));
        await keys.TypeAsync(role);
        await Expect(dialog.GetByLabel("Role", new() { Exact = true })).ToHaveValueAsync(role);
        if (role == "approver")
        {
            await TabToAsync(page, dialog.GetByLabel("invites", new() { Exact = true }));
            await keys.PressAsync("Space");
        }

        Assert.Empty(await admin.BarriersAsync());
        if (isPictured)
            await admin.PicturesAsync("invite");
        await TabToAsync(page, dialog.GetByRole(AriaRole.Button, new() { Name = "Create link" }));
        await keys.PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync("Copy the link now");
        Assert.Empty(await admin.BarriersAsync());
        if (isPictured)
            await admin.PicturesAsync("invite-created");
        var link = await dialog.Locator("pre, code").Filter(new() { HasText = "invitation?code=" }).First
            .InnerTextAsync();
        await TabToAsync(page, dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }));
        await keys.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Withdraw invitation of {name}" }))
            .ToBeVisibleAsync();
        if (isPictured)
            await admin.PicturesAsync("invitations");
        return link.Trim();
    }

    private static async Task TabToAsync(IPage page, ILocator element)
    {
        await Expect(element).ToBeVisibleAsync();
        for (var i = 0; i < 150; i++)
        {
            if (await element.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"The Tab key does not reach {element}.");
    }
}
