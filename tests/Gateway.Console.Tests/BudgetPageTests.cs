using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An operator creates, raises and removes a budget.</summary>
[Collection(SharedConsole.Name)]
public sealed class BudgetPageTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task Budget_is_created_raised_and_removed_without_JSON()
    {
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("budgets");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create budget" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Create budget" });
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("refunds");
        await dialog.GetByLabel("Maximum").FillAsync("2500.00");
        await dialog.GetByLabel("Window").FillAsync("day");
        Assert.Empty(await window.BarriersAsync());

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("domains");
        await dialog.GetByLabel("Grants").FillAsync("*");
        await dialog.GetByLabel("Time zone").FillAsync("Europe/Berlin");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(dialog).Not.ToBeVisibleAsync();
        await Expect(page.GetByText("per day in Europe/Berlin")).ToBeVisibleAsync();
        await Expect(page.GetByText("0 of 2,500")).ToBeVisibleAsync();
        Assert.Empty(await window.BarriersAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit budget" }).ClickAsync();
        dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Edit refunds" });
        await dialog.GetByLabel("Maximum").FillAsync("3000");
        await Expect(dialog.GetByText("resets the count to zero")).ToHaveCountAsync(0);
        await dialog.GetByLabel("Window").FillAsync("week");
        await Expect(dialog.GetByText("resets the count to zero")).ToBeVisibleAsync();
        await dialog.GetByLabel("Window").FillAsync("day");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("0 of 3,000")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Top up" }).ClickAsync();
        dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Top up refunds" });
        await dialog.GetByLabel("Raise by").FillAsync("500");
        await dialog.GetByLabel("Reason").FillAsync("quarter end");
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("budget-top-up");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Top up" }).ClickAsync();
        await Expect(page.GetByText("0 of 3,500")).ToBeVisibleAsync();
        var topUps = page.GetByRole(AriaRole.Region, new() { Name = "Top-ups" });
        await Expect(topUps).ToContainTextAsync("quarter end");
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("budget");
        await topUps.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();
        await Expect(page.GetByText("0 of 3,000")).ToBeVisibleAsync();

        await window.GoAsync("budgets");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "refunds" })).ToContainTextAsync("per day");
        await window.PicturesAsync("budgets");
        await page.GetByRole(AriaRole.Link, new() { Name = "refunds" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove budget" }).ClickAsync();
        var confirm = page.GetByRole(AriaRole.Dialog, new() { Name = "Remove budget" });
        await confirm.GetByRole(AriaRole.Textbox).FillAsync("refunds");
        await confirm.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("Budgets");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "refunds" })).ToHaveCountAsync(0);
        // Some browsers report the rejected budget as the page did.
        Assert.Empty(window.ErrorsBut("422"));
    }
}
