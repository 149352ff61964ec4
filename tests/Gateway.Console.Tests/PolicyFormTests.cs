using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Every member of a policy has a form: nobody has to write JSON.</summary>
[Collection(SharedConsole.Name)]
public sealed class PolicyFormTests(ConsoleBench bench, ITestOutputHelper output)
{
    [BrowserFact]
    public async Task A_policy_that_uses_every_member_is_built_without_typing_JSON()
    {
        const string empty = """{ "version": "1", "default": "deny" }""";
        await bench.ProvideAsync("every", empty);
        await bench.SendAsync("PUT", "lists/recipients", new JsonObject { ["values"] = new JsonArray("ana") });
        await bench.SendAsync("PUT", "budgets/payments", new JsonObject
        {
            ["window"] = "day", ["max"] = 100, ["grants"] = new JsonArray("*"),
        });
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        var form = new PolicyForm(window, page.Locator("main"));
        await window.GoAsync("overview");
        await window.ClickAsync(AriaRole.Link, "Policies");
        await window.ClickAsync(AriaRole.Link, "every");
        await window.ClickAsync(AriaRole.Button, "Rules");

        await form.Group("Rule for send_refund").PressAsync("Custom");
        await ToolAsync(form.At(page.Locator(".rule").First));
        await form.Group("Rule for class Destructive").PressAsync("Approve");
        var patterns = form.At(page.Locator(".card").Filter(new() { HasText = "Patterns and other names" }));
        await patterns.FillAsync("Name or pattern", "old_*");
        await patterns.PressAsync("Hide tools");
        await patterns.FillAsync("Name or pattern", "send_*");
        await patterns.PressAsync("Add rule");
        await PatternAsync(patterns.At(patterns.Place.Locator(".rule")));
        await window.ClickAsync(page.GetByText("Rule for all tools"));
        await AllToolsAsync(form.At(page.Locator("details .rule")));
        await form.PressAsync("Enforce");
        await PolicyAsync(form.At(page.GetByRole(AriaRole.Group, new() { Name = "More settings of the policy" })));
        var barriers = await window.BarriersAsync();
        Assert.True(barriers.Count == 0, string.Join("\n", barriers));
        await Expect(page.GetByText("Not known to this console")).ToHaveCountAsync(0);
        await form.PressAsync("Review and publish");
        var tests = page.GetByRole(AriaRole.Button, new() { Name = "Tests (2)" });
        await Expect(tests).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await window.ClickAsync(AriaRole.Button, "Publish");
        await Expect(page.GetByText("It applies from the next call on")).ToBeVisibleAsync();

        var schema = await bench.ReadAsync("../../schemas/policy-v1.json");
        Assert.Empty(PolicyMembers.Unused(schema, await bench.ReadAsync("policies/every")));
        Assert.NotEmpty(PolicyMembers.Unused(schema, empty));
        output.WriteLine($"{window.Steps} steps");
        Assert.InRange(window.Steps, 1, 220);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Rules_for_arguments_are_nested_and_combined_without_typing_JSON()
    {
        await bench.ProvideAsync("nested", """{ "version": "1", "default": "deny" }""");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        var form = new PolicyForm(window, page.Locator("main"));
        await window.GoAsync("policies/nested?view=rules");
        await form.Group("Rule for send_refund").PressAsync("Custom");
        var deny = form.Group("Deny if");
        await deny.PressAsync("Add condition: Deny if");
        await deny.ChooseAsync("Argument", "args.currency");
        await deny.ChooseAsync("Operator", "is none of");
        await deny.FillAsync("Value", "CHF, franc\n\"7\"");
        var arguments = await form.Group("More settings").AddAsync("Arguments");
        var rules = await arguments.AddAsync("Rules for arguments");
        var amount = await RuleAsync(rules, "amount", "Number");
        await amount.FillAsync("Greater than", "0.50");
        await amount.FillAsync("Multiple of", "0.01");
        var items = await RuleAsync(rules, "items", "List");
        await items.FillAsync("Greatest number of items", "5");
        await items.ChooseAsync("Different items", "Yes");
        var item = await items.AddAsync("Rule for each item");
        await item.ChooseAsync("Type", "Text");
        await (await item.AddAsync("Allowed values")).FillAsync("Allowed values, one per line", "1\nA-2");
        await arguments.PressAsync("Allow other arguments by a rule");
        await arguments.Group("Other arguments").ChooseAsync("Type", "Integer");
        await window.ClickAsync(arguments.Place.GetByText("More rules and descriptions").Last);
        var one = await (await arguments.AddAsync("Exactly one of these rules")).AddAsync("One of", "One of 2");
        await (await one.AddAsync("Required arguments")).FillAsync("Required arguments, one per line", "items");
        await window.PicturesAsync("policy-arguments", arguments.Place);
        var barriers = await window.BarriersAsync();
        Assert.True(barriers.Count == 0, string.Join("\n", barriers));
        await Expect(page.GetByText("Not known to this console")).ToHaveCountAsync(0);
        await form.PressAsync("Review and publish");
        await window.ClickAsync(AriaRole.Button, "Publish");
        await Expect(page.GetByText("It applies from the next call on")).ToBeVisibleAsync();

        var saved = JsonNode.Parse(await bench.ReadAsync("policies/nested"))!["tools"]!["send_refund"]!;
        Assert.Equal(JsonNode.Parse(Nested)!.ToJsonString(), saved["arguments"]!.ToJsonString());
        Assert.Equal("""["CHF, franc","7"]""", saved["deny_if"]![0]!["value"]!.ToJsonString());
        Assert.Empty(window.Errors);
    }

    private const string Nested = """
        {
          "type": "object",
          "properties": {
            "amount": { "type": "number", "exclusiveMinimum": 0.50, "multipleOf": 0.01 },
            "items": {
              "type": "array", "maxItems": 5, "uniqueItems": true,
              "items": { "type": "string", "enum": ["1", "A-2"] }
            }
          },
          "additionalProperties": { "type": "integer" },
          "oneOf": [{}, { "required": ["items"] }]
        }
        """;

    /// <summary>Adds the rule for one argument.</summary>
    private static async Task<PolicyForm> RuleAsync(PolicyForm rules, string name, string type)
    {
        // The last one: the rules of an argument may have fields of the same name.
        await rules.Window.FillAsync(rules.Place.GetByLabel("Name", new() { Exact = true }).Last, name);
        await rules.Window.PressAsync(rules.Place.GetByLabel("Name", new() { Exact = true }).Last, "Enter");
        await rules.Group(name).ChooseAsync("Type", type);
        return rules.Group(name);
    }

    private static async Task ToolAsync(PolicyForm rule)
    {
        await rule.ChooseAsync("Action", "Require approval");
        await rule.ChooseAsync("Mode", "Enforce");
        await rule.PressAsync("Add spend cap");
        await CapAsync(rule.At(rule.Place.Locator(".rule-line").First));
        await rule.PressAsync("Add limit");
        await PerPersonAsync(rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "Limits" })
            .Locator(".rule-line").Nth(1)));
        await ConditionsAsync(rule);
        await rule.PressAsync("Add budget");
        var budgets = rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "Budgets" }));
        await budgets.FillAsync("Budget", "payments");
        await budgets.ChooseAsync("Cost per call", "Value of an argument");
        await budgets.FillAsync("Wait for room", "5m");
        var more = rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "More settings", Exact = true }));
        await (await more.AddAsync("Arguments")).PressAsync("Use the schema of the tool");
        await ResultsAsync(await more.AddAsync("Results"));
        var approval = await more.AddAsync("Approval");
        await approval.FillAsync("Expires after", "15m");
        await approval.FillAsync("Wait for a decision", "45s");
        await approval.FillAsync("Required approvals", "2");
        await approval.ChooseAsync("Person who cannot approve", "The caller");
        var escalation = await approval.AddAsync("Escalation");
        await escalation.FillAsync("Escalate after", "5m");
        await escalation.FillAsync("Escalation channel", "duty");
        await InFlightAsync(more);
        await more.FillAsync("Uncounted retries with input", "0");
        await more.ChooseAsync("Members that differ by case", "Allow");
        await more.ChooseAsync("Changed tool definitions", "Deny");
        await more.ChooseAsync("Parsing of numbers", "Decimal or 64-bit integer");
    }

    private static async Task CapAsync(PolicyForm cap)
    {
        await cap.Window.ClickAsync(cap.Place.GetByText("More settings of the limit"));
        await cap.FillAsync("Time zone", "America/Sao_Paulo");
        var by = await cap.AddAsync("Counter per value");
        await by.ChooseAsync("Type of counter per value", "Argument and comparison");
        await by.FillAsync("Path", "args.currency");
        await by.ChooseAsync("Compare as", "Lower case");
        await cap.FillAsync("Maximum number of values", "5000");
        await cap.ChooseAsync("Refund failed calls", "Yes");
        await cap.ListAsync("Notification thresholds", "0.8");
        await cap.FillAsync("Wait for room", "10m");
    }

    private static async Task PerPersonAsync(PolicyForm limit)
    {
        await limit.ChooseAsync("Scope", "each caller");
        await limit.ChooseAsync("Kind of window", "sliding window");
        await limit.Window.ClickAsync(limit.Place.GetByText("More settings of the limit"));
        await limit.ChooseAsync("Calls without a person", "The grant");
        await limit.FillAsync("Cost per call", "2");
    }

    private static async Task ConditionsAsync(PolicyForm rule)
    {
        foreach (var title in (string[])["Deny if", "Allow only if", "Require approval if", "Show only if"])
            await rule.PressAsync($"Add condition: {title}");
        var only = rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "Allow only if" }));
        await only.ChooseAsync("Argument", "args.currency");
        await only.ChooseAsync("Values", "List recipients");
        await only.ChooseAsync("Compare as", "Lower case");
        await only.FillAsync("Reason sent to the agent", "Ask finance.");
        var shown = rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "Show only if" }));
        await shown.FillAsync("Value", "finance");
        var deny = rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "Deny if" }));
        foreach (var (kind, at) in ((string, int)[])[("Any of", 0), ("All of", 1), ("Not", 2), ("Hours", 3)])
        {
            if (at > 0)
                await deny.PressAsync("Add condition: Deny if");
            var one = deny.At(deny.Place.Locator(":scope > .rule-line").Nth(at));
            await rule.Window.ChooseAsync(one.Place.GetByLabel("Kind of condition").First, kind);
            var reason = one.Place.GetByLabel("Reason sent to the agent").First;
            await rule.Window.FillAsync(reason, "Ask in the morning.");
            await reason.PressAsync("Tab");
        }
    }

    private static async Task InFlightAsync(PolicyForm rule)
    {
        var form = await rule.AddAsync("Maximum of concurrent calls");
        await form.FillAsync("Maximum", "3");
        await form.ChooseAsync("Scope", "All grants together");
        await form.FillAsync("Wait for room", "2m");
    }

    private static async Task PatternAsync(PolicyForm rule)
    {
        await rule.ChooseAsync("Action", "Deny");
        await rule.FillAsync("Reason sent to the agent", "A person sends it.");
        await rule.PressAsync("Add budget");
        await rule.FillAsync("Budget", "payments");
        await rule.ChooseAsync("Cost per call", "Other number");
        var more = rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "More settings", Exact = true }));
        var limit = await more.AddAsync("Short rate limit");
        await limit.FillAsync("Maximum", "30");
        await limit.FillAsync("Window", "minute");
    }

    private static async Task AllToolsAsync(PolicyForm rule)
    {
        await rule.PressAsync("Add limit");
        foreach (var title in (string[])["Deny if", "Allow only if", "Require approval if"])
            await rule.PressAsync($"Add condition: {title}");
        await rule.PressAsync("Add budget");
        await rule.FillAsync("Budget", "payments");
        var more = rule.At(rule.Place.GetByRole(AriaRole.Group, new() { Name = "More settings" }).Last);
        await InFlightAsync(more);
        await ResultsAsync(await more.AddAsync("Results"));
    }

    private static async Task PolicyAsync(PolicyForm form)
    {
        await form.FillAsync("Address of the schema", "https://gateway.example.com/schemas/policy-v1.json");
        await form.FillAsync("Description", "Uses every member.");
        await form.ChooseAsync("Members that differ by case", "Deny");
        await form.ChooseAsync("Changed tool definitions", "Record only");
        await form.ChooseAsync("Limits visible to the agent", "Yes");
        await form.ListAsync("MCP extensions", "io.modelcontextprotocol/tasks");
        await (await form.AddAsync("Recorded arguments")).ChooseAsync("Type of recorded arguments", "List");
        await form.Group("Recorded arguments").FillAsync("Recorded arguments, one per line", "args.amount");
        await AppsAsync(await form.AddAsync("Apps"));
        foreach (var kind in (string[])["resources", "prompts"])
        {
            var title = char.ToUpperInvariant(kind[0]) + kind[1..];
            var section = await form.AddAsync(title);
            await section.ChooseAsync($"{title} in neither list", "Deny");
            await section.ListAsync($"Allowed {kind}", "docs*");
            await section.ListAsync($"Denied {kind}", "docs/salaries*");
            await ResultsAsync(await section.AddAsync("Results"));
        }

        var tests = await form.AddAsync("Tests");
        await TestAsync(await tests.AddAsync("Test", "Test 1"), isCaller: true);
        await TestAsync(await tests.AddAsync("Test", "Test 2"), isCaller: false);
    }

    private static async Task AppsAsync(PolicyForm apps)
    {
        await apps.ChooseAsync("Apps allowed", "Yes");
        var origins = await apps.AddAsync("Origins of apps");
        foreach (var one in (string[])["requests", "content", "frames", "base addresses"])
            await origins.ListAsync($"Origins of {one}", "https://*.example.com");
        await (await apps.AddAsync("Permissions of apps")).CheckAsync("Clipboard write");
    }

    private static async Task ResultsAsync(PolicyForm results)
    {
        var redactions = await results.AddAsync("Redactions");
        await (await redactions.AddAsync("Redaction", "Redaction 1")).FillAsync("Path", "result.structuredContent.pin");
        await (await redactions.AddAsync("Redaction", "Redaction 2")).FillAsync("Regular expression", @"AB-\d+");
        await (await redactions.AddAsync("Redaction", "Redaction 3")).ChooseAsync("Predefined pattern", "Secret");
        var denied = await results.AddAsync("Deny if");
        await denied.PressAsync("Add condition");
        await denied.FillAsync("Argument", "result.structuredContent.class");
    }

    private static async Task TestAsync(PolicyForm test, bool isCaller)
    {
        await test.FillAsync("Name of the test", isCaller ? "a person is denied" : "a team is denied");
        await test.FillAsync("Grant", "support");
        await test.FillAsync("Time of the call", "61s");
        await test.FillAsync("Number of calls", "many");
        await Expect(test.Place.Locator(".field", new() { HasText = "Number of calls" }).Locator(".field-error"))
            .ToBeVisibleAsync();
        await test.FillAsync("Number of calls", "2");
        await test.ChooseAsync("Expected decision", "Deny");
        await test.FillAsync("Expected rule", "/tools/send_refund/show_if/0");
        var call = test.Group("Call");
        await call.FillAsync("Tool", "send_refund");
        await call.ChooseAsync("Class of the tool", "Financial");
        var arguments = await call.AddAsync("Arguments");
        await arguments.FillAsync("amount", "2.50");
        await arguments.ChooseAsync("currency", "CHF");
        var caller = await test.AddAsync("Caller");
        if (!isCaller)
        {
            await (await caller.AddAsync("Headers")).NameAsync("x-team", "x-team", "sales");
            return;
        }

        await caller.FillAsync("Issuer", "corp");
        await caller.FillAsync("Subject", "ana");
        await caller.FillAsync("Client", "laptop");
        await (await caller.AddAsync("Acting party")).FillAsync("Subject of the acting party", "assistant");
        await (await caller.AddAsync("Claims")).NameAsync("department", "Value of department", "sales");
    }
}
