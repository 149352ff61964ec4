using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>What each role is shown; and that the gateway refuses what is not shown, by itself.</summary>
[Collection(SharedConsole.Name)]
public sealed class RoleTests(ConsoleBench bench)
{
    private const string Reading =
        "Overview Inbox Live Calls Usage Approvals Changes Servers Catalogue Grants Policies Budgets Settings";

    // A request that the role may make, and one that it may not.
    [BrowserTheory]
    [InlineData("viewer", Reading, "GET grants", "POST pause")]
    [InlineData("approver", "Approvals", "GET approvals", "GET grants")]
    [InlineData("agent", Reading, "GET grants", "POST resume")]
    [InlineData("editor", Reading, "GET grants", "GET operators")]
    [InlineData("admin", Reading, "GET operators", "")]
    [InlineData("member", "", "GET session", "GET approvals")]
    public async Task A_role_is_shown_what_it_may_do_and_refused_the_rest(
        string role, string pages, string allowed, string refused)
    {
        await bench.ProvideAsync("roles");
        await using var window = await bench.SignedInAsync(name: $"a-{role}", displayName: role, role: role);
        var page = window.Page;

        var shown = await page.Locator("#navigation a[href^='#/'] > span:first-of-type").AllTextContentsAsync();
        Assert.Equal(pages, string.Join(' ', shown));
        Assert.Equal(200, await AskAsync(page, allowed));
        if (refused.Length > 0)
            Assert.Equal(403, await AskAsync(page, refused));
        if (!pages.Contains("Grants", StringComparison.Ordinal))
        {
            await page.EvaluateAsync("() => { location.hash = '#/grants'; }");
            await Expect(window.Heading).ToHaveTextAsync("You don't have access");
            return;
        }

        var mayEdit = role is "editor" or "admin" ? 1 : 0;
        var mayPause = role is "viewer" ? 0 : 1;
        await window.GoAsync("grants?q=roles-bot");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "roles-bot" })).ToBeVisibleAsync();
        await Expect(Button(page, "Create grant")).ToHaveCountAsync(mayEdit);
        await Expect(Button(page, "Pause roles-bot")).ToHaveCountAsync(mayPause);
        await window.GoAsync("grants/roles-bot");
        await Expect(Button(page, "Pause roles-bot")).ToHaveCountAsync(mayPause);
        await Expect(Button(page, "Revoke grant")).ToHaveCountAsync(mayEdit);
        await window.GoAsync("servers/roles");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "get_customer" })).ToBeVisibleAsync();
        await Expect(Button(page, "Remove server")).ToHaveCountAsync(mayEdit);
        await Expect(Button(page, "Pause…")).ToHaveCountAsync(mayPause);
        await PolicyIsShownAsync(window, mayEdit);
        await window.GoAsync("settings");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Operators and API keys" }))
            .ToHaveCountAsync(role == "admin" ? 1 : 0);
    }

    /// <summary>The rules are controls for an operator who may edit, and text for another one.</summary>
    [BrowserFact]
    public async Task An_operator_is_removed_with_the_keyboard_alone()
    {
        await bench.SendAsync("POST", "operators", new JsonObject
        {
            ["name"] = "leaver", ["roles"] = new JsonArray("viewer"), ["password"] = ConsoleBench.Password,
        });
        await using var window = await bench.SignedInAsync(role: "admin");
        var page = window.Page;
        await window.GoAsync("settings/operators");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove leaver" }).PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Remove operator" });
        await Expect(dialog.GetByLabel("Type leaver to confirm")).ToBeFocusedAsync();
        Assert.Empty(await window.BarriersAsync());
        await page.Keyboard.TypeAsync("leaver");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove leaver" })).ToHaveCountAsync(0);
        Assert.DoesNotContain("\"leaver\"", await bench.ReadAsync("operators"), StringComparison.Ordinal);
        Assert.Empty(window.Errors);
    }

    private static async Task PolicyIsShownAsync(ConsoleWindow window, int mayEdit)
    {
        var page = window.Page;
        await window.GoAsync("policies/roles?view=rules");
        var rule = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "get_customer" }).First;
        await Expect(rule).ToContainTextAsync("Allow");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Rule for get_customer" }))
            .ToHaveCountAsync(mayEdit);
        foreach (var name in new[] { "Review and publish", "Recommended rules…", "Add rule", "Hide tools" })
            await Expect(Button(page, name)).ToHaveCountAsync(mayEdit);
        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("get_");
        await Expect(rule).ToBeVisibleAsync();
        if (mayEdit > 0)
            return;
        Assert.Equal(0, await page.Locator(".policy-rules :is(button, input, select):disabled").CountAsync());
        Assert.Empty(await window.BarriersAsync());
    }

    [BrowserFact]
    public async Task Roles_of_an_operator_are_chosen_and_limited_to_a_server()
    {
        await bench.ProvideAsync("roles");
        await bench.SendAsync("POST", "operators", """{ "name": "rita", "roles": ["viewer"] }""");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("settings/operators");
        await Button(page, "Edit rita").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Checkbox, new() { Name = "viewer" })).ToBeCheckedAsync();
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "approver", Exact = true }).CheckAsync();
        await dialog.GetByText("approver for all servers").ClickAsync();
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "approver for roles", Exact = true }).CheckAsync();
        await window.PicturesAsync("roles");
        Assert.Equal("", string.Join('\n', await window.BarriersAsync()));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        Assert.Equal(
            """["viewer","approver:roles"]""",
            JsonNode.Parse(await bench.ReadAsync("operators/rita"))!["roles"]!.ToJsonString());
        await window.PicturesAsync("operators");
        await page.SetViewportSizeAsync(390, 800);
        Assert.False(
            await page.GetByRole(AriaRole.Region, new() { Name = "Operators" })
                .EvaluateAsync<bool>("table => table.scrollWidth > table.clientWidth"),
            "The table scrolls sideways on a phone.");
        Assert.Empty(window.Errors);
    }

    private static ILocator Button(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Asks as the page's own scripts do, past what is shown.</summary>
    private static async Task<int> AskAsync(IPage page, string request)
    {
        var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);
        return await page.EvaluateAsync<int>("""
            async ([method, path]) => {
              const who = await (await fetch('../api/v1/session')).json();
              const answer = await fetch(`../api/v1/${path}`, { method, headers: { 'X-CSRF-Token': who.csrf,
                'Content-Type': 'application/json' }, body: method === 'GET' ? undefined : '{}' });
              return answer.status;
            }
            """, new[] { method, path });
    }
}
