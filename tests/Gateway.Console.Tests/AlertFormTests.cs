using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An operator adds, changes and removes an alert rule.</summary>
public sealed class AlertFormTests
{
    [BrowserFact]
    public async Task Alert_rule_is_added_with_what_its_measure_needs_edited_and_removed()
    {
        await using var own = new OwnBench();
        await own.Bench.InitializeAsync();
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("settings/alerts");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add alert rule" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Add alert rule" });
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("slow");
        await dialog.GetByLabel("Measure").SelectOptionAsync("limit-use");
        await Expect(dialog.GetByLabel("Period")).ToHaveCountAsync(0);
        await dialog.GetByLabel("Measure").SelectOptionAsync("p95-latency");
        await Expect(dialog.GetByText("In ms.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Threshold").FillAsync("500");
        await dialog.GetByLabel("Period").FillAsync("9h");
        await dialog.GetByLabel("Severity").SelectOptionAsync("critical");
        Assert.Empty(await window.BarriersAsync());

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("from 1m to 6h");
        await dialog.GetByLabel("Period").FillAsync("1h");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(dialog).Not.ToBeVisibleAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "slow" });
        await Expect(row).ToContainTextAsync("Latency, 95th percentile > 500 ms");
        await Expect(row).ToContainTextAsync("over 1h");
        Assert.Empty(await window.BarriersAsync());
        await row.GetByRole(AriaRole.Button, new() { Name = "Edit slow" }).ClickAsync();
        dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Edit slow" });
        await dialog.GetByLabel("Measure").SelectOptionAsync("waiting-approvals");
        await dialog.GetByLabel("Threshold").FillAsync("5");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Calls waiting for approval > 5");
        await Expect(row).Not.ToContainTextAsync("over 1h");

        await row.GetByRole(AriaRole.Button, new() { Name = "Remove slow" }).ClickAsync();
        var confirm = page.GetByRole(AriaRole.Dialog, new() { Name = "Remove alert rule" });
        await confirm.GetByRole(AriaRole.Textbox).FillAsync("slow");
        await confirm.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.GetByText("No alert rules yet")).ToBeVisibleAsync();
        // The browser reports the rejected period as the page did.
        Assert.Contains("422", Assert.Single(window.Errors), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Alert_rule_of_the_configuration_file_can_be_tested_but_not_changed()
    {
        await using var own = new OwnBench
        {
            Bench = new ConsoleBench
            {
                Configuration = """{ "alerts": { "busy": { "measure": "calls", "above": 5, "over": "1h" } } }""",
            },
        };
        await own.Bench.InitializeAsync();
        await using var window = await own.Bench.SignedInAsync();

        await window.GoAsync("settings/alerts");

        var row = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "busy" });
        await Expect(row).ToContainTextAsync("Number of calls > 5");
        await Expect(row).ToContainTextAsync("configuration file");
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(1);
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveTextAsync("Test");
        Assert.Empty(await window.BarriersAsync());
        Assert.Empty(window.Errors);
    }
}
