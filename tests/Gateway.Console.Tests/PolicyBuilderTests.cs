using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>A policy is built, evaluated before it is saved, and saved, in a browser.</summary>
[Collection(SharedConsole.Name)]
public sealed class PolicyBuilderTests(ConsoleBench bench)
{
    /// <summary>Written by hand: its blanks, its order and the digits of its numbers are its author's.</summary>
    private const string Written = """
        {   "default" : "deny", "version":"1",
          "tools":{
              "get_customer":   {},
            "send_*": { "limits": [ {"max": 1.50, "counter":"paid" , "window":"day",
                          "increment_from":"args.amount" } ]   },

            "delete_*":{"action":"deny","reason":"n\u006f"}   }
        }

        """;

    [BrowserFact]
    public async Task An_edit_by_a_card_changes_its_own_bytes_and_no_others()
    {
        await bench.ProvideAsync("round", Written);
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/round?view=rules");

        await page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "send_*" })
            .GetByRole(AriaRole.Button, new() { Name = "Edit rule" }).ClickAsync();
        var most = page.GetByLabel("Maximum", new() { Exact = true });
        await Expect(most).ToHaveValueAsync("1.50");
        await most.FillAsync("2.50");
        await most.PressAsync("Enter");
        await page.GetByRole(AriaRole.Group, new() { Name = "Rule for delete_customer" })
            .GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await SaveAsync(page, "more on good days");

        var edited = Written.Replace("1.50", "2.50", StringComparison.Ordinal);
        Assert.Equal(edited, await bench.ReadAsync("policies/round"));
        await window.GoAsync("policies/round?view=versions");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "more on good days" }))
            .ToContainTextAsync("published");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_rule_by_class_is_set_edited_and_removed_without_writing_JSON()
    {
        await bench.ProvideAsync("classes");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/classes?view=both");
        var text = window.PolicyText;
        var destructive = page.GetByRole(AriaRole.Group, new() { Name = "Rule for class Destructive" });

        await destructive.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(text).ToContainTextAsync("\"classes\": { \"Destructive\": { \"action\": \"approve\" } }");
        await Expect(page.GetByText("denied until a person accepts a class")).ToBeVisibleAsync();
        await destructive.GetByRole(AriaRole.Button, new() { Name = "Custom" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add limit" }).First.ClickAsync();
        var most = page.GetByLabel("Maximum", new() { Exact = true }).First;
        await most.FillAsync("3");
        await most.PressAsync("Enter");
        await Expect(text).ToContainTextAsync("\"max\": 3");
        Assert.Empty(await window.BarriersAsync());
        await destructive.GetByRole(AriaRole.Button, new() { Name = "No rule" }).ClickAsync();

        await Expect(text).Not.ToContainTextAsync("classes");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_budget_is_charged_by_a_card_and_what_a_call_counts_there_is_chosen()
    {
        await bench.ProvideAsync("budget");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/budget?view=both");
        var text = window.PolicyText;
        await window.ReplacePolicyTextAsync(
            """{ "version": "1", "default": "deny", "show_limits": true, "tools": { "send_*": { "limits": [] } } }""");
        await page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "send_*" })
            .GetByRole(AriaRole.Button, new() { Name = "Edit rule" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add budget" }).ClickAsync();
        var name = page.GetByLabel("Budget", new() { Exact = true });
        await name.FillAsync("mail");
        await name.PressAsync("Enter");
        await Expect(text).ToContainTextAsync("[ \"mail\" ]");
        await page.GetByLabel("Cost per call").SelectOptionAsync("number");
        var number = page.GetByLabel("Number", new() { Exact = true });
        await number.FillAsync("2.50");
        await number.PressAsync("Enter");
        await Expect(text).ToContainTextAsync("\"increment\": 2.50");
        Assert.Empty(await window.BarriersAsync());
        await page.GetByLabel("Cost per call").SelectOptionAsync("one");
        await Expect(text).ToContainTextAsync("[ \"mail\" ]");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove budget mail" }).ClickAsync();

        await Expect(text).Not.ToContainTextAsync("budgets");
        await Expect(page.GetByText("Not known to this console")).ToHaveCountAsync(0);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Rules_and_text_are_in_step_and_an_error_is_shown_at_its_place()
    {
        await bench.ProvideAsync("step");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/step?view=both");
        var text = window.PolicyText;
        var delete = page.GetByRole(AriaRole.Group, new() { Name = "Rule for delete_customer" });

        await window.ReplacePolicyTextAsync("""{ "version": "1", "default": "deny", "tools": { "delete_customer": {} } }""");
        await Expect(delete.GetByRole(AriaRole.Button, new() { Name = "Allow" }))
            .ToHaveAttributeAsync("aria-pressed", "true");
        await delete.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await Expect(text).ToContainTextAsync("\"delete_customer\": { \"action\": \"deny\" }");

        await window.ReplacePolicyTextAsync("""{ "version": "1", "default": "deny", "tools": { "delete_customer": { "limit": 3 } } }""");
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Findings" })).ToContainTextAsync("limit");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Review and publish" })).ToBeDisabledAsync();
        await window.ReplacePolicyTextAsync("""{ "version": "1", """);
        await Expect(page.GetByText("The policy is not valid JSON")).ToBeVisibleAsync();
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_backtest_shows_the_decisions_that_the_next_call_then_gets()
    {
        var token = (await bench.ProvideAsync("back"))!;
        await bench.CallAsync("back", token, "get_customer");
        await bench.CallAsync("back", token, "get_customer");
        await bench.CallAsync("back", token, "delete_customer");
        await using var live = await bench.SignedInAsync();
        await live.GoAsync("live?server=back&outcome=denied");
        await Expect(live.Page.GetByText("connected", new() { Exact = true })).ToBeVisibleAsync();
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/back?view=rules");

        await page.GetByRole(AriaRole.Group, new() { Name = "Rule for get_customer" })
            .GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and publish" }).ClickAsync();
        var save = page.GetByRole(AriaRole.Dialog);
        await Expect(save.GetByText("tighter")).ToBeVisibleAsync();
        await save.GetByRole(AriaRole.Button, new() { Name = "Recorded calls" }).ClickAsync();
        await save.GetByRole(AriaRole.Button, new() { Name = "Evaluate recorded calls" }).ClickAsync();
        await Expect(save.GetByText("1 unchanged")).ToBeVisibleAsync();
        await Expect(save.GetByText("2 changed")).ToBeVisibleAsync();
        await Expect(save.GetByText("0 undetermined")).ToBeVisibleAsync();
        await Expect(save.GetByText("allowed by /tools/get_customer")).ToHaveCountAsync(2);

        await save.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(page.GetByText("It applies from the next call on")).ToBeVisibleAsync();
        await bench.CallAsync("back", token, "get_customer");
        await live.Page.GetByRole(AriaRole.Link, new() { Name = "get_customer", Exact = true }).ClickAsync();
        await Expect(live.Page.Locator(".timeline")).ToContainTextAsync("/tools/get_customer");
        Assert.Empty(window.Errors);
        Assert.Empty(live.Errors);
    }

    [BrowserFact]
    public async Task A_new_policy_is_evaluated_on_the_calls_of_its_server()
    {
        var token = (await bench.ProvideAsync("traffic"))!;
        await bench.CallAsync("traffic", token, "get_customer");
        await bench.CallAsync("traffic", token, "delete_customer");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/traffic-next?view=rules&server=traffic");
        await Expect(window.Heading).ToHaveTextAsync("traffic-next");

        await page.GetByRole(AriaRole.Group, new() { Name = "Rule for get_customer" })
            .GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and publish" }).ClickAsync();
        var save = page.GetByRole(AriaRole.Dialog);
        await save.GetByRole(AriaRole.Button, new() { Name = "Recorded calls" }).ClickAsync();
        await Expect(save.GetByText("This policy is new: all recorded calls of the server traffic"))
            .ToBeVisibleAsync();
        await save.GetByRole(AriaRole.Button, new() { Name = "Evaluate recorded calls" }).ClickAsync();

        await Expect(save.GetByText("1 unchanged")).ToBeVisibleAsync();
        await Expect(save.GetByText("1 changed", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(window.ErrorsBut("404"));
    }

    [BrowserFact]
    public async Task Recommended_rules_are_chosen_one_by_one_and_looser_ones_only_by_a_person()
    {
        await bench.ProvideAsync("advised", """
            { "version": "1", "default": "deny", "tools": {
              "get_customer": { "action": "deny" }, "delete_customer": {} } }
            """);
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/advised?view=both");
        await Expect(page.GetByText("denied by the default")).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Button, new() { Name = "Recommended rules…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var (looser, tighter, added) = (Rule("get_customer"), Rule("delete_customer"), Rule("send_refund"));
        await Expect(looser).ToContainTextAsync("looser than yours");
        await Expect(tighter).ToContainTextAsync("tighter");
        await Expect(added).ToContainTextAsync("new rule");
        await Expect(looser.GetByRole(AriaRole.Checkbox)).Not.ToBeCheckedAsync();
        await Expect(tighter.GetByRole(AriaRole.Checkbox)).ToBeCheckedAsync();
        await Expect(dialog.GetByText("Changed tool definitions: Deny")).ToBeVisibleAsync();
        await window.PicturesAsync("recommended");
        Assert.Empty(await window.BarriersAsync());
        await added.GetByRole(AriaRole.Checkbox).PressAsync("Space");
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Apply [0-9]+ rules$") }).ClickAsync();

        await Expect(window.PolicyText).ToContainTextAsync("\"pin\": \"deny\"");
        await SaveAsync(page, "as recommended");
        var saved = JsonNode.Parse(await bench.ReadAsync("policies/advised"))!;
        Assert.Equal("deny", (string?)saved["pin"]);
        Assert.Equal("""{"action":"deny"}""", saved["tools"]!["get_customer"]!.ToJsonString());
        Assert.NotNull(saved["tools"]!["delete_customer"]!["reason"]);
        Assert.Null(saved["tools"]!["send_refund"]);
        Assert.Empty(window.Errors);

        ILocator Rule(string tool) =>
            dialog.GetByRole(AriaRole.Listitem).Filter(new() { HasText = tool }).First;
    }

    [BrowserFact]
    public async Task A_condition_comes_from_the_schema_or_a_named_list_and_a_call_that_is_tried_becomes_a_test()
    {
        await bench.ProvideAsync("custom");
        await bench.SendAsync("PUT", "lists/currencies", new JsonObject { ["values"] = new JsonArray("CHF") });
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/custom?view=rules");

        await page.GetByRole(AriaRole.Group, new() { Name = "Rule for send_refund" })
            .GetByRole(AriaRole.Button, new() { Name = "Custom" }).ClickAsync();
        var deny = page.GetByRole(AriaRole.Group, new() { Name = "Deny if" });
        await deny.GetByRole(AriaRole.Button, new() { Name = "Add condition" }).ClickAsync();
        await deny.GetByLabel("Argument").SelectOptionAsync("args.amount");
        await deny.GetByLabel("Operator").SelectOptionAsync("gte");
        await deny.GetByLabel("Value").FillAsync("500");
        await deny.GetByLabel("Value").PressAsync("Enter");
        var only = page.GetByRole(AriaRole.Group, new() { Name = "Allow only if" });
        await only.GetByRole(AriaRole.Button, new() { Name = "Add condition" }).ClickAsync();
        await only.GetByLabel("Argument").SelectOptionAsync("args.currency");
        await only.GetByLabel("Values").SelectOptionAsync("currencies");
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and publish" }).ClickAsync();
        var save = page.GetByRole(AriaRole.Dialog);
        await save.GetByRole(AriaRole.Button, new() { Name = "Try a call" }).ClickAsync();
        var tool = save.GetByLabel("Tool", new() { Exact = true });
        await tool.FillAsync("send_refund");
        await tool.PressAsync("Enter");
        await save.GetByLabel("currency", new() { Exact = true }).SelectOptionAsync("CHF");
        foreach (var (amount, outcome) in new[] { ("500", "denied"), ("499.99", "allowed") })
        {
            await save.GetByLabel("amount", new() { Exact = true }).FillAsync(amount);
            await save.GetByRole(AriaRole.Button, new() { Name = "Try call" }).ClickAsync();
            await Expect(save.GetByRole(AriaRole.Status)).ToContainTextAsync(outcome);
        }

        await save.GetByLabel("Test name").FillAsync("small ones pass");
        await save.GetByRole(AriaRole.Button, new() { Name = "Add test" }).ClickAsync();
        await save.GetByRole(AriaRole.Button, new() { Name = "Tests (1)" }).ClickAsync();
        await Expect(save.GetByText("small ones pass")).ToBeVisibleAsync();
        await save.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(page.GetByText("It applies from the next call on")).ToBeVisibleAsync();
        var saved = await bench.ReadAsync("policies/custom");
        Assert.Contains("499.99", saved, StringComparison.Ordinal);
        Assert.Contains("\"list\": \"currencies\"", saved, StringComparison.Ordinal);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task The_second_save_names_the_first_operator_and_loses_nothing()
    {
        await bench.ProvideAsync("both");
        await using var first = await bench.SignedInAsync(name: "first", displayName: "Fil");
        await using var second = await bench.SignedInAsync(name: "second", displayName: "Sue");
        foreach (var (window, tool) in new[] { (first, "delete_customer"), (second, "send_refund") })
        {
            await window.GoAsync("policies/both?view=rules");
            await window.Page.GetByRole(AriaRole.Group, new() { Name = $"Rule for {tool}" })
                .GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        }

        await SaveAsync(first.Page, "customers come back");
        var page = second.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and publish" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(
            new Regex("first changed it .*customers come back.*Your changes are not lost"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Merge and review" }).ClickAsync();
        await Expect(page.GetByText("Changes merged.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(page.GetByText("It applies from the next call on")).ToBeVisibleAsync();

        var tools = JsonNode.Parse(await bench.ReadAsync("policies/both"))!["tools"]!;
        Assert.Equal("approve", (string?)tools["delete_customer"]!["action"]);
        Assert.Equal("approve", (string?)tools["send_refund"]!["action"]);
        Assert.NotNull(tools["get_customer"]);
        Assert.Empty(second.ErrorsBut("412"));
        Assert.Empty(first.Errors);
    }

    [BrowserFact]
    public async Task Of_thousands_of_tools_some_are_drawn_and_all_are_found_and_set()
    {
        await bench.ProvideAsync("many");
        await bench.SendAsync(
            "PUT", "servers/many", new JsonObject { ["url"] = bench.ServerUrl + HostileTools.Many });
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies/many?view=rules");

        var rows = page.Locator(".policy-tools").First.GetByRole(AriaRole.Listitem);
        await Expect(page.GetByText("Showing 50 of 2,000.")).ToBeVisibleAsync();
        await Expect(rows).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show 50 more" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(100);
        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("find_order_199");
        await Expect(rows).ToHaveCountAsync(10);
        await page.GetByLabel("Set 10 tools to").SelectOptionAsync("deny");
        await SaveAsync(page, "none of the last");

        Assert.Equal(11, JsonNode.Parse(await bench.ReadAsync("policies/many"))!["tools"]!.AsObject().Count);
        Assert.Empty(window.Errors);
    }

    private static async Task SaveAsync(IPage page, string reason)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and publish" }).ClickAsync();
        await page.GetByLabel("Reason (optional)").FillAsync(reason);
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(page.GetByText("It applies from the next call on")).ToBeVisibleAsync();
    }
}
