using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Virtual tools of a grant are built, renamed and removed in forms: nobody has to write JSON.</summary>
[Collection(SharedConsole.Name)]
public sealed class VirtualToolFormTests(ConsoleBench bench)
{
    private const string Built = """
        {
          "tool": "send_refund", "description": "Refunds an order in euros.",
          "fix": { "currency": "EUR", "channel": "console" }, "default": { "amount": 10 },
          "schema": { "type": "object", "properties": { "amount": { "type": "number" }, "id": { "maxLength": 20 } } }
        }
        """;

    [BrowserFact]
    public async Task A_virtual_tool_with_every_member_is_built_by_keys_applies_and_is_removed()
    {
        var token = (await bench.ProvideAsync(
            "virtual", """{ "version": "1", "default": "deny", "tools": { "send_refund": {} } }"""))!;
        await using var window = await bench.SignedInAsync();
        var dialog = await EditAsync(window, "virtual-bot");
        var form = dialog.Group("Virtual tools");

        await form.FillAsync("Tool to replace", "send_refund");
        await form.PressAsync("Add virtual tool");
        var tool = form.Group("Virtual tool send_refund");
        await tool.FillAsync("Name for the agent", "refund euros");
        await Expect(tool.Place.GetByText("Use 1 to 128 letters")).ToBeVisibleAsync();
        await tool.FillAsync("Name for the agent", "refund_euros");
        tool = form.Group("Virtual tool refund_euros");
        await tool.FillAsync("Description for the agent", "Refunds an order in euros.");
        await ArgumentsAsync(tool.Group("Arguments"));
        await window.PicturesAsync("grant-virtual-tool");
        await tool.PressAsync("Restrict arguments");
        var schema = tool.Group("Schema for the agent");
        await schema.PressAsync("Use the schema of the tool");
        var rules = schema.Group("Rules for arguments");
        await rules.FillAsync("Name", "id");
        await rules.PressAsync("Add value");
        await rules.Group("id").FillAsync("Greatest length", "20");
        await window.PicturesAsync("grant-virtual-tool-schema");
        var barriers = await window.BarriersAsync();
        Assert.True(barriers.Count == 0, string.Join('\n', barriers));
        await dialog.PressAsync("Save changes");

        await Expect(window.Page.GetByText("refund_euros")).ToBeVisibleAsync();
        await Expect(dialog.Place).ToHaveCountAsync(0);
        var grant = JsonNode.Parse(await bench.ReadAsync("grants/virtual-bot"))!;
        var built = grant["virtual_tools"]!["virtual"]!["refund_euros"]!.ToJsonString();
        Assert.Equal(JsonNode.Parse(Built)!.ToJsonString(), built);
        Assert.Contains("\"result\"", await bench.CallAsync("virtual", token, "refund_euros"));
        Assert.Contains("isError", await bench.CallAsync("virtual", token, "send_refund"));

        dialog = await EditAsync(window, "virtual-bot");
        await dialog.PressAsync("Remove virtual tool refund_euros");
        await dialog.PressAsync("Save changes");
        await Expect(dialog.Place).ToHaveCountAsync(0);
        Assert.Null(JsonNode.Parse(await bench.ReadAsync("grants/virtual-bot"))!["virtual_tools"]);
        Assert.Contains("\"result\"", await bench.CallAsync("virtual", token, "send_refund"));
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task An_error_in_a_virtual_tool_is_shown_at_its_place_and_a_null_is_not_dropped_silently()
    {
        await bench.ProvideAsync("virtually");
        await using var window = await bench.SignedInAsync();
        var dialog = await EditAsync(window, "virtually-bot");
        var form = dialog.Group("Virtual tools");
        await window.ClickAsync(form.Place.GetByText("JSON of the virtual tools"));

        await form.FillAsync("Virtual tools (JSON)", """{ "virtually": """);
        await Expect(form.Place.GetByRole(AriaRole.Alert)).ToContainTextAsync("not valid JSON");
        await form.FillAsync(
            "Virtual tools (JSON)",
            """{ "virtually": { "look_up": { "tool": "get_customer", "fix": { "id": null } } } }""");
        await dialog.PressAsync("Save changes");
        await Expect(form.Place.GetByText("cannot save null")).ToBeVisibleAsync();
        Assert.Null(JsonNode.Parse(await bench.ReadAsync("grants/virtually-bot"))!["virtual_tools"]);

        await form.FillAsync(
            "Virtual tools (JSON)",
            """
            { "virtually": { "look_up":
              { "tool": "get_customer", "fix": { "id": "7" }, "default": { "id": "8" } } } }
            """);
        await dialog.PressAsync("Save changes");
        await Expect(form.Place.GetByText("this argument is fixed").First).ToBeVisibleAsync();
        await form.PressAsync("Edit virtual tool look_up");
        await form.Group("Argument id").ChooseAsync("id", "Set by the agent");
        await form.Group("Argument id").FillAsync("Default value", "9");
        await dialog.PressAsync("Save changes");
        await Expect(dialog.Place).ToHaveCountAsync(0);
        Assert.Equal(
            """{"tool":"get_customer","default":{"id":"9"}}""",
            JsonNode.Parse(await bench.ReadAsync("grants/virtually-bot"))!["virtual_tools"]!["virtually"]!["look_up"]!
                .ToJsonString());
        Assert.Empty(window.ErrorsBut("400", "422"));
    }

    private static async Task<PolicyForm> EditAsync(ConsoleWindow window, string grant)
    {
        await window.GoAsync($"grants/{grant}");
        await new PolicyForm(window, window.Page.Locator("main")).PressAsync("Edit grant");
        return new PolicyForm(window, window.Page.GetByRole(AriaRole.Dialog));
    }

    private static async Task ArgumentsAsync(PolicyForm arguments)
    {
        var currency = arguments.Group("Argument currency");
        await currency.ChooseAsync("currency", "Fixed, hidden from the agent");
        await currency.ChooseAsync("Fixed value", "EUR");
        var amount = arguments.Group("Argument amount");
        await amount.ChooseAsync("amount", "Default, can be set by the agent");
        await amount.FillAsync("Default value", "ten");
        await Expect(amount.Place.GetByText("The tool expects a number here.")).ToBeVisibleAsync();
        await amount.FillAsync("Default value", "10");
        await arguments.FillAsync("Other argument", "channel");
        await arguments.PressAsync("Add argument");
        await arguments.Group("Argument channel").FillAsync("Value of fixed value", "console");
    }
}
