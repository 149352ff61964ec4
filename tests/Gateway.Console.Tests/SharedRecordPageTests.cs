using Gateway.Audit.Shipping;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>
/// The record of all gateways, where they ship it to one table, and what an operator sees without it.
/// </summary>
[Trait("run", "full")]
public sealed class SharedRecordPageTests
{
    [BrowserFact(WithDatabase = true)]
    public async Task The_record_of_all_gateways_is_searched_like_ones_own_and_its_loss_is_said()
    {
        await using var database = await PostgresCluster.StartNewAsync();
        await using var own = new OwnBench
        {
            Bench = new ConsoleBench
            {
                AuditSinks = [new AuditSinkOptions("warehouse", AuditSinkKind.Postgres, database.Url(), false)],
            },
        };
        var bench = own.Bench;
        await bench.InitializeAsync();
        var token = await bench.ProvideAsync("crm");
        await bench.CallAsync("crm", token!, "get_customer");
        await bench.CallAsync("crm", token!, "drop_customer");
        await Soon.UntilAsync(
            async () => JsonNode.Parse(await bench.ReadAsync("status"))!["audit"]!["sinks"]![0]!["lagBytes"]!
                .GetValue<long>() == 0,
            "all of it is shipped");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;

        await window.GoAsync("live?tab=search&of=shared");
        ILocator Tool(string name) => page.GetByRole(AriaRole.Region, new() { Name = "Decisions" })
            .GetByRole(AriaRole.Button, new() { Name = name });
        await Expect(Tool("drop_customer")).ToBeVisibleAsync();
        await Expect(Tool("get_customer")).ToBeVisibleAsync();
        await Expect(page.GetByText("from all gateways that send records to warehouse")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "All gateways" }))
            .ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Tool" }).FillAsync("drop_customer");
        await Expect(Tool("get_customer")).ToHaveCountAsync(0);
        Assert.Empty(await window.BarriersAsync());

        await window.GoAsync("calls");
        await page.GetByRole(AriaRole.Button, new() { Name = "All gateways" }).PressAsync("Enter");
        await Expect(page.GetByText("From the records of all gateways in warehouse.")).ToBeVisibleAsync();
        var facet = page.GetByRole(AriaRole.Group, new() { Name = "Tool" })
            .GetByRole(AriaRole.Button, new() { Name = "drop_customer" });
        await facet.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Argument" })).ToHaveCountAsync(0);
        var records = page.GetByRole(AriaRole.Region, new() { Name = "Records" });
        await Expect(records.GetByRole(AriaRole.Link, new() { Name = "get_customer" })).ToHaveCountAsync(0);
        await window.PicturesAsync("calls-shared");
        await records.GetByRole(AriaRole.Link, new() { Name = "drop_customer" }).First.PressAsync("Enter");
        await Expect(page.GetByText("From the records of all gateways in warehouse.")).ToBeVisibleAsync();
        await Expect(page.Locator(".timeline li")).Not.ToHaveCountAsync(0);
        Assert.Empty(await window.BarriersAsync());

        await window.GoAsync("settings");
        await Expect(page.GetByText("Sink warehouse")).ToBeVisibleAsync();
        await Expect(page.GetByText("A host program started this gateway")).ToBeVisibleAsync();

        await database.StopAsync("immediate");
        await window.GoAsync("live?tab=search&of=shared");
        await Expect(page.GetByText("read the records of each gateway instead")).ToBeVisibleAsync();
        await window.GoAsync("calls?of=shared");
        await Expect(page.GetByText("read the records of each gateway instead").First).ToBeVisibleAsync();
        await window.GoAsync("live?tab=search&of=shared");
        await page.GetByRole(AriaRole.Button, new() { Name = "This gateway" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Records" })
            .GetByRole(AriaRole.Link, new() { Name = "drop_customer" }).First).ToBeVisibleAsync();
        await database.StartAsync();
    }
}
