using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An edit is tried beside the policy in force, decides for a grant, then for all, in a browser.</summary>
[Collection(SharedConsole.Name)]
public sealed class CandidatePageTests(ConsoleBench bench)
{
    private const string Tighter =
        """{ "version": "1", "default": "deny", "tools": { "get_customer": { "action": "deny" } } }""";

    private const string Refused = "Policy violation";

    [BrowserFact]
    public async Task An_edit_is_tried_beside_then_for_one_grant_then_for_all()
    {
        var token = (await bench.ProvideAsync("tried"))!;
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/tried?view=text");
        await window.ReplacePolicyTextAsync(Tighter);
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and publish" }).ClickAsync();
        await page.GetByLabel("Reason (optional)").FillAsync("fewer reads");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create candidate" }).ClickAsync();
        var card = page.Locator(".candidate");
        await Expect(card).ToContainTextAsync("Shadow mode: evaluated on every call, enforced for no grant.");
        await Expect(card).ToContainTextAsync("Reason: fewer reads");
        await window.PicturesAsync("candidate");

        Assert.DoesNotContain(Refused, await bench.CallAsync("tried", token, "get_customer"), StringComparison.Ordinal);
        await card.GetByRole(AriaRole.Button, new() { Name = "Evaluate recorded calls" }).ClickAsync();
        await Expect(card).ToContainTextAsync("1 changed");
        await Expect(card).ToContainTextAsync("denied by /tools/get_customer/action");
        Assert.Empty(await window.BarriersAsync(rule: null));

        await card.GetByRole(AriaRole.Button, new() { Name = "Choose grants or sessions…" }).ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "tried-bot" }).CheckAsync();
        Assert.Empty(await window.BarriersAsync(rule: null));
        await page.GetByRole(AriaRole.Button, new() { Name = "Enforce for 1 grant" }).ClickAsync();
        await Expect(card).ToContainTextAsync(
            "Enforced for tried-bot. The published policy applies to all other grants.");
        Assert.Contains(Refused, await bench.CallAsync("tried", token, "get_customer"), StringComparison.Ordinal);

        await card.GetByRole(AriaRole.Button, new() { Name = "Publish to all grants…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("tighter");
        await Expect(dialog.GetByLabel("Reason (optional)")).ToHaveValueAsync("fewer reads");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(card).ToHaveCountAsync(0);
        Assert.Equal(Tighter, await bench.ReadAsync("policies/tried"));
        await Expect(page.GetByText("published", new() { Exact = true })).ToBeVisibleAsync();
        await window.GoAsync("policies/tried?view=versions");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "fewer reads" }))
            .ToContainTextAsync("published");
        Assert.Empty(window.Errors);
    }
}
