namespace Gateway.Acquire.Tests.Serving;

/// <summary>Budgets over plain HTTP, as services meet them.</summary>
public sealed class AcquireEndpointTests
{
    [Fact]
    public async Task An_id_is_charged_once_though_the_program_is_killed_between_the_charge_and_its_repeat()
    {
        await using var service = await BudgetService.StartAsync();

        var (status, first) = await service.MailAsync("order-1", 4);
        await service.KillAndRunAsync();
        var (_, again) = await service.MailAsync("order-1", 4);
        var other = await service.MailAsync("order-1", 3);
        var allowed = 0;
        for (var i = 0; i < 8; i++)
            allowed += (bool)(await service.MailAsync($"more-{i}")).Json!["allowed"]! ? 1 : 0;

        Assert.Equal((200, true, false), (status, (bool)first!["allowed"]!, (bool)first["repeated"]!));
        Assert.Equal((true, true), ((bool)again!["allowed"]!, (bool)again["repeated"]!));
        Assert.Equal(409, other.Status);
        // A kill may waste what was reserved and not yet given out; it never adds any.
        Assert.InRange(allowed, 1, 6);
    }

    [Fact]
    public async Task Counter_list_show_and_top_show_what_services_charged()
    {
        await using var service = await BudgetService.StartAsync();
        await service.MailAsync("order-1", 4);
        await service.AskAsync(
            "/v1/acquire", """{ "id": "a", "costs": [ { "budget": "calls", "key": "anna", "cost": 2 } ] }""");
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, service.Agents, BudgetService.AdminKey);

        var listed = JsonNode.Parse((await cli.RunAsync("counter", "list", "--json")).Output)!.AsArray();
        var anna = JsonNode.Parse((await cli.RunAsync(
            "counter", "list", "--budget", "calls", "--budget-key", "anna", "--json")).Output)!.AsArray();
        var shown = await cli.RunAsync("counter", "show", (string)listed[1]!["key"]!, "--json");
        var top = JsonNode.Parse((await cli.RunAsync("top", "--once", "--json")).Output)!;
        var none = await cli.RunAsync("counter", "list", "--budget", "mial");

        Assert.Equal(
            ["calls - - 5 /budgets/calls", "mail 4 6 10 /budgets/mail", "spare 0 5 5 /budgets/spare"],
            listed.Select(static one =>
                $"{one!["counter"]} {one["used"] ?? "-"} {one["remaining"] ?? "-"} {one["max"]} {one["rule"]}"));
        Assert.Contains("--budget-key KEY", (string?)listed[0]!["problem"], StringComparison.Ordinal);
        Assert.Equal(("2", "3"), ((string?)anna[0]!["used"], (string?)anna[0]!["remaining"]));
        Assert.Equal("4", (string?)JsonNode.Parse(shown.Output)![0]!["used"]);
        Assert.Equal(3, top["counters"]!.AsArray().Count);
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("mail", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counter_reset_gives_a_budget_and_the_counter_of_a_key_their_whole_room_again()
    {
        await using var service = await BudgetService.StartAsync();
        const string anna = """{ "id": "ID", "costs": [ { "budget": "calls", "key": "anna", "cost": 5 } ] }""";
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, service.Agents, BudgetService.AdminKey);
        await service.MailAsync("order-1", 10);
        await service.AskAsync("/v1/acquire", anna.Replace("ID", "a1", StringComparison.Ordinal));
        var full = await service.MailAsync("order-2");
        var mail = await KeyAsync("--budget", "mail");
        var calls = await KeyAsync("--budget", "calls", "--budget-key", "anna");

        CliRun[] resets = [await cli.RunAsync("counter", "reset", mail), await cli.RunAsync("counter", "reset", calls)];
        var again = await service.MailAsync("order-2", 10);
        var repeated = await service.MailAsync("order-1", 10);
        var (_, annas) = await service.AskAsync("/v1/acquire", anna.Replace("ID", "a2", StringComparison.Ordinal));
        var over = await service.MailAsync("order-3");
        var unknown = await cli.RunAsync("counter", "reset", mail.Replace("mail", "mial", StringComparison.Ordinal));

        Assert.False((bool)full.Json!["allowed"]!);
        Assert.All(resets, static one => Assert.Equal(0, one.ExitCode));
        // A reset sets the last part, the generation, to its own time.
        Assert.Matches($"^{Regex.Escape(mail[..^1])}[1-9][0-9]{{8}}$", await KeyAsync("--budget", "mail"));
        Assert.Equal((true, 0m), ((bool)again.Json!["allowed"]!, (decimal)again.Json["costs"]![0]!["remaining"]!));
        // The id of before stays charged: a reset gives no call a second charge.
        Assert.Equal((true, true), ((bool)repeated.Json!["allowed"]!, (bool)repeated.Json["repeated"]!));
        Assert.True((bool)annas!["allowed"]!);
        Assert.False((bool)over.Json!["allowed"]!);
        Assert.Equal(1, unknown.ExitCode);

        async Task<string> KeyAsync(params string[] words) => (string)JsonNode.Parse(
            (await cli.RunAsync(["counter", "list", .. words, "--json"])).Output)![0]!["key"]!;
    }

    [Fact]
    public async Task Audit_query_shows_each_charge_refusal_and_return_with_service_budget_and_amount()
    {
        await using var service = await BudgetService.StartAsync();
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, service.Agents, BudgetService.AdminKey);
        await service.MailAsync("order-1", 4);
        await service.MailAsync("order-1", 4);
        await service.MailAsync("order-2", 7);
        await service.AskAsync(
            "/v1/acquire", """{ "id": "dry", "dry_run": true, "costs": [ { "budget": "mail" } ] }""");
        await service.AskAsync("/v1/acquire", """{ "id": "no", "costs": [ { "budget": "payroll" } ] }""");
        await service.AskAsync(
            "/v1/acquire", """{ "id": "a", "costs": [ { "budget": "calls", "key": "anna@example.com" } ] }""");
        await service.AskAsync("/v1/acquire", """{ "id": "s", "costs": [ { "budget": "spare", "cost": "2.5" } ] }""");
        await service.AskAsync("/v1/release", """{ "id": "s" }""");
        await service.AskAsync("/v1/release", """{ "id": "s" }""");

        var output = (await cli.RunAsync("audit", "query", "--kind", "charge", "--json")).Output;
        var mail = await cli.RunAsync("audit", "query", "--object", "budgets/mail", "--json");
        var text = await cli.RunAsync("audit", "query", "--outcome", "rate_limited");

        var records = Records(output);
        Assert.Equal(
            [
                "order-1 allowed mail=4", "order-1 allowed repeated mail=4", "order-2 rate_limited mail=7",
                "no denied payroll=", "a allowed calls=1", "s allowed spare=2.5", "s returned spare=2.5",
            ],
            records.Select(static one => $"{one["id"]} {one["outcome"]} "
                + ((bool?)one["repeated"] == true ? "repeated " : "")
                + string.Join(
                    ",", one["costs"]!.AsArray().Select(static cost => $"{cost!["budget"]}={cost["cost"]}"))));
        Assert.All(records, static one => Assert.Equal(
            ("billing", "127.0.0.1", "key", "billing/test"),
            ((string?)one["by"], (string?)one["from"], (string?)one["credential"], (string?)one["credentialId"])));
        var counter = Assert.Single(records[0]["counters"]!.AsArray())!;
        Assert.Equal(("4", "4", "10"),
            ((string?)counter["cost"], (string?)counter["used"], (string?)counter["max"]));
        Assert.Equal(("mail", "4"),
            ((string?)records[2]["limit"]!["counter"], (string?)records[2]["limit"]!["used"]));
        Assert.Contains("payroll", (string?)records[3]["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain("anna", output, StringComparison.Ordinal);
        Assert.Equal(3, Records(mail.Output).Count);
        Assert.Contains("rate_limited  billing → mail 7  id order-2", text.Output, StringComparison.Ordinal);

        static List<JsonNode> Records(string lines) =>
            [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!)
                .Where(static one => (string?)one["kind"] == "charge")];
    }

    [Fact]
    public async Task Usage_and_the_gauge_of_used_shares_have_what_services_charged()
    {
        await using var service = await BudgetService.StartAsync();
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, service.Agents, BudgetService.AdminKey);
        await service.MailAsync("order-1", 4);
        await service.MailAsync("order-1", 4);
        await service.MailAsync("order-2", 7);
        await service.AskAsync("/v1/acquire", """{ "id": "a", "costs": [ { "budget": "calls", "key": "anna" } ] }""");

        var all = JsonNode.Parse((await cli.RunAsync("usage", "--by", "tool", "--json")).Output)!;
        var mail = JsonNode.Parse((await cli.RunAsync("usage", "--budget", "mail", "--by", "grant", "--json")).Output)!;
        var wrong = await cli.RunAsync("usage", "--budget", "mail", "--server", "crm");
        using var metrics = await service.SendAsync(HttpMethod.Get, new Uri(service.Agents, "/metrics"));
        var lines = (await metrics.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal(
            ["(budgets) calls 1 0", "(budgets) mail 2 1"],
            all["rows"]!.AsArray().Select(Row).Order(StringComparer.Ordinal));
        Assert.Equal([" service:billing 2 1"], mail["rows"]!.AsArray().Select(Row));
        Assert.Equal(2, wrong.ExitCode);
        // Of a counter of a key there is none: services make as many as they like.
        Assert.Equal(
            ["""gateway_counter_used_ratio{counter="mail",grant="(all)",server="(budgets)",window="31536000s"} 0.4"""],
            lines.Where(static line => line.StartsWith("gateway_counter_used_ratio{", StringComparison.Ordinal)));

        static string Row(JsonNode? row) => $"{row!["server"]} {row["name"]} {row["calls"]} {row["refused"]}";
    }

    [Fact]
    public async Task What_was_released_is_there_again()
    {
        await using var service = await BudgetService.StartAsync();
        const string all = """{ "id": "a", "costs": [ { "budget": "spare", "cost": 5 } ] }""";
        const string next = """{ "id": "b", "costs": [ { "budget": "spare", "cost": "4.5" } ] }""";

        await service.AskAsync("/v1/acquire", all);
        var (_, refused) = await service.AskAsync("/v1/acquire", next);
        var (_, returned) = await service.AskAsync("/v1/release", """{ "id": "a" }""");
        var (_, allowed) = await service.AskAsync("/v1/acquire", next);

        Assert.False((bool)refused!["allowed"]!);
        Assert.Equal(5m, (decimal)returned!["returned"]![0]!["cost"]!);
        Assert.Equal((true, 0.5m), ((bool)allowed!["allowed"]!, (decimal)allowed["costs"]![0]!["remaining"]!));
    }

    [Fact]
    public async Task Denies_when_the_key_is_none_of_a_service_or_the_request_is_wrong()
    {
        await using var service = await BudgetService.StartAsync();
        var editor = await service.KeyOfAsync("eve", "editor");
        const string right = """{ "id": "a", "costs": [ { "budget": "mail" } ] }""";
        (int Status, string Words, string Path, string Body, string? Key)[] cases =
        [
            (401, "Authorization: Bearer", "/v1/acquire", right, ""),
            (401, "Authorization: Bearer", "/v1/acquire", right, "wrong-key-0123456789"),
            (403, "an operator whose role is \"service\"", "/v1/acquire", right, BudgetService.AdminKey),
            (403, "an operator whose role is \"service\"", "/v1/acquire", right, editor),
            (400, "/openapi/v1.json", "/v1/acquire", "{", null),
            (400, "/openapi/v1.json", "/v1/acquire", """{ "id": "a", "id": "b", "costs": [] }""", null),
            (400, "cots", "/v1/acquire", """{ "id": "a", "cots": [] }""", null),
            (400, "null", "/v1/release", "null", null),
            (422, "omit \"costs\"", "/v1/release", """{ "id": "a", "costs": [ { "budget": "mail" } ] }""", null),
            (413, "65536 bytes", "/v1/acquire", new string(' ', 70_000), null),
            (404, "POST /v1/acquire", "/mcp/srv", right, null),
            (404, "POST /v1/acquire", "/api/v1/grants", right, BudgetService.AdminKey),
        ];

        foreach (var (status, words, path, body, key) in cases)
        {
            var answer = await service.AskAsync(path, body, key);
            Assert.Equal((status, status), (answer.Status, (int)answer.Json!["status"]!));
            Assert.Contains(words, (string)answer.Json["detail"]!);
        }

        Assert.Equal(9m, (decimal)(await service.MailAsync("last")).Json!["costs"]![0]!["remaining"]!);
    }

    [Fact]
    public async Task Describes_itself_and_answers_nowhere_else()
    {
        await using var service = await BudgetService.StartAsync();

        using var description = await service.SendAsync(HttpMethod.Get, new Uri(service.Address, "/openapi/v1.json"));
        using var ready = await service.SendAsync(HttpMethod.Get, new Uri(service.Address, "/readyz"));
        using var read = await service.SendAsync(HttpMethod.Get, new Uri(service.Address, "/v1/acquire"));
        using var elsewhere = await service.SendAsync(HttpMethod.Post, new Uri(service.Agents, "/v1/acquire"));

        var document = JsonNode.Parse(await description.Content.ReadAsStringAsync())!;
        Assert.Equal(
            ["/v1/acquire", "/v1/refund", "/v1/release"], document["paths"]!.AsObject().Select(static one => one.Key));
        var answer = document["paths"]!["/v1/acquire"]!["post"]!["responses"]!["200"]!["content"]!["application/json"]!;
        Assert.NotNull(answer["schema"]!["properties"]!["retry_after"]);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (read.StatusCode, read.Content.Headers.Allow.Single()));
        Assert.Equal("application/problem+json", read.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [ExampleFact("python3")]
    public Task The_example_in_Python_charges_and_is_refused() => RunTwiceAsync("python3", "acquire.py");

    [ExampleFact("node", "-e", "process.exit(process.features.typescript ? 0 : 1)")]
    public Task The_example_in_TypeScript_charges_and_is_refused() => RunTwiceAsync("node", "acquire.ts");

    [ExampleFact("go")]
    public Task The_example_in_Go_charges_and_is_refused() => RunTwiceAsync("go", "run", "acquire.go");

    private static async Task RunTwiceAsync(params string[] command)
    {
        await using var service = await BudgetService.StartAsync();
        command[^1] = SourceTree.PathOf("samples", "acquire", command[^1]);

        var first = await RunAsync(service, [.. command, "mail", "8"]);
        var second = await RunAsync(service, [.. command, "mail", "3"]);

        Assert.Equal((0, "allowed, 2 left\n"), first);
        Assert.NotEqual(0, second.Code);
        Assert.Contains("mail has 2 of 10 left", second.Output);
    }

    private static async Task<(int Code, string Output)> RunAsync(BudgetService service, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        start.Environment["GATEWAY_URL"] = service.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["GATEWAY_KEY"] = service.Key;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Soon.AtMost);
        return (process.ExitCode, output);
    }
}
