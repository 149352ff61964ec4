using Gateway.Control.Contracts;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The form, the dialog and the facts of servers, which derive from the contract.</summary>
[Collection(SharedConsole.Name)]
public sealed class ServerFormTests(ConsoleBench bench)
{
    /// <summary>Members that no release has, one of each kind.</summary>
    private const string MadeUp = """
        { name: 'note', title: 'Made-up note', kind: 'text', text: 'A note.' },
        { name: 'mode', title: 'Made-up mode', kind: 'choice', choices: ['slow', 'fast'], absent: 'none',
          text: 'A mode.' },
        { name: 'strict', title: 'Made-up switch', kind: 'flag', text: 'A switch.' },
        { name: 'size', title: 'Made-up time', kind: 'whole', placeholder: 'SECONDS', min: 1, max: 9,
          text: 'A time.' },
        { name: 'zones', title: 'Made-up zones', kind: 'list', text: 'A list.' },
        { name: 'key', title: 'Made-up key', kind: 'text', isSecret: true, text: 'A key.' },
        { name: 'raw', title: 'Made-up document', kind: 'json', text: 'A document.' },
        { name: 'group', title: 'Made-up group', kind: 'object', text: 'A group.', members: [
          { name: 'weights', title: 'Made-up weights', kind: 'wholemap', placeholder: 'TOOL=SECONDS',
            text: 'Weights.' } ] },
        """;

    private static readonly string[] OfForm = ["url", "headers"];

    [BrowserFact]
    public async Task A_member_that_only_the_contract_has_is_in_the_form_the_facts_and_the_dialog()
    {
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await AddMembersAsync(page);
        var known = new JsonObject();
        await page.RouteAsync("**/api/v1/servers/made-up", async route =>
        {
            if (route.Request.Method != "GET")
            {
                await route.ContinueAsync();
                return;
            }

            var response = await route.FetchAsync();
            var server = JsonNode.Parse(await response.TextAsync())!.AsObject();
            foreach (var (name, value) in known)
                server[name] = value?.DeepClone();
            await route.FulfillAsync(new() { Response = response, Body = server.ToJsonString() });
        });

        await window.GoAsync("servers");
        await KeepChangesAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Register server" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("made-up");
        await dialog.GetByLabel("MCP endpoint URL").FillAsync(bench.ServerUrl);
        await dialog.GetByText("More settings").ClickAsync();
        await dialog.GetByLabel("Made-up note").FillAsync("written");
        await dialog.GetByLabel("Made-up mode").SelectOptionAsync("fast");
        await dialog.GetByLabel("Made-up switch").CheckAsync();
        await dialog.GetByLabel("Made-up time (seconds)").FillAsync("7");
        await dialog.GetByLabel("Made-up zones, one per line").FillAsync("east\nwest");
        await dialog.GetByLabel("Made-up key").FillAsync("hidden");
        Assert.Equal("password", await dialog.GetByLabel("Made-up key").GetAttributeAsync("type"));
        await dialog.GetByLabel("Made-up document (JSON)").FillAsync("""{ "deep": [1] }""");
        await dialog.GetByText("Made-up group").ClickAsync();
        await dialog.GetByLabel("Made-up weights, one TOOL=SECONDS per line").FillAsync("find=2");
        known = JsonNode.Parse("""
            { "note": "written", "mode": "fast", "strict": true, "size": 7, "zones": ["east", "west"],
              "raw": { "deep": [1] }, "group": { "weights": { "find": 2 } } }
            """)!.AsObject();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Register server" }).ClickAsync();

        var facts = page.Locator("dl.facts").First;
        foreach (var fact in (string[])["written", "fast", "7 s", "east", "west", "deep", "find: 2 s"])
            await Expect(facts).ToContainTextAsync(fact);
        var sent = JsonNode.Parse((await ChangesAsync(page)).Single())!.AsObject();
        Assert.Equal("hidden", (string?)sent["key"]);
        sent.Remove("key");
        sent.Remove("url");
        Assert.True(JsonNode.DeepEquals(known, sent), sent.ToJsonString());

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit server" }).ClickAsync();
        await Expect(dialog.GetByLabel("Made-up key")).ToHaveValueAsync("");
        await dialog.GetByLabel("Made-up note").FillAsync("");
        await dialog.GetByLabel("Made-up switch").UncheckAsync();
        await dialog.GetByLabel("Made-up weights, one TOOL=SECONDS per line").FillAsync("find=3\nsend=4");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal(
            """{"note":null,"strict":null,"group":{"weights":{"find":3,"send":4}}}""", (await ChangesAsync(page))[^1]);
        Assert.Empty(window.ErrorsBut("404"));
    }

    /// <summary>Adds the members to the page's module; the program stays as it is.</summary>
    private static Task AddMembersAsync(IPage page) => page.RouteAsync("**/pages/servers/spec.js", static async route =>
    {
        const string begin = "export const members = [";
        var response = await route.FetchAsync();
        var module = await response.TextAsync();
        Assert.Contains(begin, module, StringComparison.Ordinal);
        await route.FulfillAsync(new()
        {
            Response = response, Body = module.Replace(begin, begin + MadeUp, StringComparison.Ordinal),
        });
    });

    /// <summary>
    /// Keeps what the page sends for the server, and sends only the members that the release has. Firefox shows no body
    /// of a request to a route.
    /// </summary>
    private static Task KeepChangesAsync(IPage page) => page.EvaluateAsync("""
        known => {
          const send = window.fetch;
          window.changes = [];
          window.fetch = (url, options) => {
            if (!String(url).includes('/api/v1/servers/made-up') || !options?.body) return send(url, options);
            const body = JSON.parse(options.body);
            window.changes.push(JSON.stringify(body));
            const published = Object.fromEntries(Object.entries(body).filter(([name]) => known.includes(name)));
            return send(url, { ...options, body: JSON.stringify(published) });
          };
        }
        """, ServerInput.Members.Select(static one => one.Name).ToArray());

    private static Task<string[]> ChangesAsync(IPage page) => page.EvaluateAsync<string[]>("() => window.changes");

    [BrowserFact]
    public async Task Every_member_of_a_server_is_in_the_facts_and_in_the_dialog()
    {
        await bench.ProvideAsync("every");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await page.RouteAsync("**/api/v1/servers/every", static async route =>
        {
            var response = await route.FetchAsync();
            var server = JsonNode.Parse(await response.TextAsync())!.AsObject();
            foreach (var member in ServerSpec.Members.Where(static one => one.Name is not ("url" or "urls")))
                server[member.Name] = Example(member);
            await route.FulfillAsync(new() { Response = response, Body = server.ToJsonString() });
        });
        await window.GoAsync("servers/every");

        var facts = page.Locator("dl.facts").First;
        foreach (var member in ServerSpec.Members.Where(static one => one.Name is not ("url" or "urls")))
        {
            var title = facts.Locator("dt").Filter(new() { HasTextRegex = new($"^{Regex.Escape(member.Title)}$") });
            await Expect(title).ToBeVisibleAsync();
            var fact = title.Locator("xpath=following-sibling::dd[1]");
            foreach (var inner in member.Members)
                await Expect(fact).ToContainTextAsync(inner.Title);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit server" }).ClickAsync();
        var labels = await page.GetByRole(AriaRole.Dialog).Locator("label").AllTextContentsAsync();
        var fields = ServerInput.Members.Where(static one => !OfForm.Contains(one.Name))
            .SelectMany(static one => one.Members.IsEmpty ? [one] : one.Members).ToArray();
        Assert.Equal(
            fields.Select(static one => one.Title).Order(),
            labels.Skip(4).Select(label => fields.Where(one => label.StartsWith(one.Title, StringComparison.Ordinal))
                .MaxBy(static one => one.Title.Length)?.Title ?? label).Order());
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("server-every-edit");
    }

    [BrowserFact]
    public async Task A_server_is_renamed_with_the_keyboard_alone()
    {
        await bench.ProvideAsync("billing");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("servers/billing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename…" }).PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Rename billing" });
        var name = dialog.GetByLabel("New name");
        await Expect(name).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("two words");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("server-rename");

        await name.FillAsync("invoices");
        await dialog.GetByLabel("Reason").FillAsync("the team has another name");
        await page.Keyboard.PressAsync("Enter");

        await Expect(window.Heading).ToHaveTextAsync("invoices");
        var grant = JsonNode.Parse(await bench.ReadAsync("grants/billing-bot"))!;
        Assert.NotNull(grant["servers"]!["invoices"]);
        Assert.Equal("billing", (string?)JsonNode.Parse(await bench.ReadAsync("servers/invoices"))!["firstName"]);
        Assert.Equal(["422"], window.Errors.Select(static error => Regex.Match(error, "\\b4\\d\\d\\b").Value));
    }

    [BrowserFact]
    public async Task Settings_of_a_server_are_registered_changed_and_cleared()
    {
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("servers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register server" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("settled");
        await dialog.GetByLabel("MCP endpoint URL").FillAsync(bench.ServerUrl);
        await dialog.GetByText("More settings").ClickAsync();
        await dialog.GetByText("Timeouts", new() { Exact = true }).ClickAsync();
        await dialog.GetByLabel("Each request (seconds)").FillAsync("60");
        var tools = dialog.GetByLabel("Calls of single tools, one TOOL=SECONDS per line");
        await tools.FillAsync("export");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Register server" }).ClickAsync();
        await Expect(dialog.GetByText("\"export\" is incomplete. Write TOOL=SECONDS.")).ToBeVisibleAsync();
        await tools.FillAsync("export=300");
        var headers = dialog.GetByLabel("Caller headers, one Name: value per line");
        await headers.FillAsync("Host: {grant}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Register server" }).ClickAsync();
        await Expect(dialog.Locator(".field-error")).ToHaveCountAsync(1);
        await headers.FillAsync("X-Grant: {grant}\nX-User: {caller.subject}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await Expect(dialog.GetByText("Connection succeeded.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Register server" }).ClickAsync();
        await Expect(page.GetByText("export: 300 s")).ToBeVisibleAsync();
        Assert.Equal("""{"callSeconds":60,"tools":{"export":300}}""", await MemberAsync("timeouts"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit server" }).ClickAsync();
        await dialog.GetByLabel("Each request (seconds)").FillAsync("");
        await tools.FillAsync("import=200");
        await headers.FillAsync("X-Grant: {grant}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(page.GetByText("import: 200 s")).ToBeVisibleAsync();
        Assert.Equal("""{"tools":{"import":200}}""", await MemberAsync("timeouts"));
        Assert.Equal("""{"X-Grant":"{grant}"}""", await MemberAsync("callerHeaders"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit server" }).ClickAsync();
        await tools.FillAsync("");
        await dialog.GetByLabel("MCP endpoint URL").FillAsync("");
        await dialog.GetByLabel("Replicas, one per line").FillAsync($"{bench.ServerUrl}\n{bench.ServerUrl}2");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Null(await MemberAsync("timeouts"));

        // Replicas stay when something else is changed.
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit server" }).ClickAsync();
        await dialog.GetByLabel("Host", new() { Exact = true }).FillAsync("settled.mcp.example.com");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal("\"settled.mcp.example.com\"", await MemberAsync("host"));
        Assert.Equal(2, JsonNode.Parse((await MemberAsync("urls"))!)!.AsArray().Count);
        Assert.Empty(window.ErrorsBut("404", "422"));

        async Task<string?> MemberAsync(string name) =>
            JsonNode.Parse(await bench.ReadAsync("servers/settled"))![name]?.ToJsonString();
    }

    private static JsonNode Example(SpecMember member) => member.Kind switch
    {
        MemberKind.Text => "a",
        MemberKind.Choice => member.Declared.Choices[^1],
        MemberKind.Flag => true,
        MemberKind.Whole => member.Declared.Min,
        MemberKind.List => new JsonArray("a"),
        MemberKind.Map => new JsonObject { ["a"] = "b" },
        MemberKind.WholeMap => new JsonObject { ["a"] = member.Declared.Min },
        MemberKind.Object => new JsonObject(
            member.Members.Select(static one => KeyValuePair.Create(one.Name, (JsonNode?)Example(one)))),
        _ => throw new NotSupportedException($"{member.Kind}"),
    };
}
