using Gateway.Audit.Files;
using Gateway.Server.Tests.Extensions;

namespace Gateway.Server.Tests.Callers;

/// <summary>Erasure and export of everything that a gateway holds about one person.</summary>
public sealed class PersonDataTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "deny", "record_arguments": true,
          "tools": { "list": {}, "find": { "limits": [
              { "counter": "person", "window": "month", "max": 1, "scope": "subject" } ] },
            "pay": { "action": "approve", "approval": { "wait": "0s" } },
            "send": { "budgets": ["mail"] },
            "queued": { "limits": [ { "counter": "queue", "window": "hour", "max": 1, "wait": "1h" } ] } } }
        """;

    private const string Budgets = """
        , "budgets": { "mail": { "window": "month", "max": 9, "grants": ["*"] } }
        """;

    private CallerBench _bench = null!;
    private string _ana = null!;
    private string _ben = null!;

    private Cli Cli { get; set; } = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await CallerBench.StartAsync(policy: Policy, more: Budgets);
        Cli = new Cli(_bench.Folder, _bench.Address, CallerBench.AdminKey);
        _ana = await _bench.TokenAsync("ana-7", "agents");
        _ben = await _bench.TokenAsync("ben-8", "agents");
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeFact]
    public async Task An_erased_person_is_in_no_file_and_the_record_stays_sound()
    {
        await CallAsync(_ana, "list");
        await CallAsync(_ben, "list");
        await CallAsync(_ana, "pay");
        await Soon.UntilAsync(
            () => Task.FromResult(_bench.Records().Count(static one => Kind(one) == "outcome") == 2), "both ended");
        var approval = await ApprovalAsync();
        var denied = await Cli.RunAsync("approvals", "deny", approval, "--comment", "Ana-7 is on leave");
        Assert.Equal(0, denied.ExitCode);
        Assert.Equal(0, (await Cli.RunAsync("subject", "revoke", "corp", "ana-7")).ExitCode);
        Assert.Equal(0, (await Cli.RunAsync("subject", "resume", "corp", "ana-7")).ExitCode);
        // The arguments of a decided request are kept under its id.
        var kept = Encoding.Latin1.GetString(Convert.FromHexString(approval));
        await Soon.UntilAsync(() => AllText().Contains(kept, StringComparison.Ordinal), "the arguments are kept");

        var preview = await Cli.RunAsync(Arguments());
        Assert.Equal(0, preview.ExitCode);
        Assert.Contains("would be erased; repeat the command with --yes", preview.Output, StringComparison.Ordinal);
        Assert.Contains("ana-7", AllText(), StringComparison.Ordinal);

        var erased = await Cli.RunAsync(Arguments("--yes"));

        Assert.Equal(0, erased.ExitCode);
        Assert.Contains("1 ended request for approval erased by", erased.Output, StringComparison.Ordinal);
        Assert.Contains("outside this gateway: backups", erased.Output, StringComparison.Ordinal);
        Assert.Contains("erased in 2 changes of ended pauses", erased.Output, StringComparison.Ordinal);
        var history = (await Cli.RunAsync("history", "--json")).Output;
        Assert.Contains("(erased) of corp", history, StringComparison.Ordinal);
        Assert.DoesNotContain("ana-7", history, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ana-7", AllText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(kept, AllText(), StringComparison.Ordinal);
        var erasures = _bench.Records().Where(static one => Kind(one) == "erasure").ToList();
        Assert.All(erasures, static one => Assert.Equal(
            ("admin", "request 17"), (one.GetProperty("by").GetString(), one.GetProperty("reason").GetString())));
        Assert.Equal("requested", erasures[0].GetProperty("became").GetString());
        // The decision and outcome of "list", the decision on "pay", three records of its request, two of the pause.
        Assert.Equal(8, erasures[1..].Sum(static one =>
            one.GetProperty("places").EnumerateObject().Sum(static file => file.Value.GetArrayLength())));
        Assert.Contains("ben-8", AllText(), StringComparison.Ordinal);
        Assert.Equal(1, (await Cli.RunAsync(Arguments("--yes"))).ExitCode);
        await CallAsync(_ana, "list");
        await _bench.StopAsync();

        var verified = await Cli.RunAsync("audit", "verify", "--data", Path.Combine(_bench.Folder, "data"));
        Assert.Equal((0, ""), (verified.ExitCode, verified.Errors));
        Assert.StartsWith("sound: ", verified.Output, StringComparison.Ordinal);
        Assert.Contains("values erased by", verified.Output, StringComparison.Ordinal);
        Assert.Contains("0 changed, 0 missing", verified.Output, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task The_history_of_an_active_pause_keeps_its_subject()
    {
        Assert.Equal(0, (await Cli.RunAsync("subject", "revoke", "corp", "ana-7")).ExitCode);

        var erased = await Cli.RunAsync(Arguments("--yes"));

        Assert.Contains("not erased: 1 pause or revocation", erased.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ended pauses", erased.Output, StringComparison.Ordinal);
        Assert.Contains(
            "ana-7 of corp", (await Cli.RunAsync("history", "--json")).Output, StringComparison.Ordinal);
        Assert.Equal(403, await _bench.StatusAsync(_ana));
    }

    [NodeFact]
    public async Task Exported_rows_name_the_caller_and_its_issuer()
    {
        await CallAsync(_ana, "list");

        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(_bench.Address, "/api/v1/audit/export?format=csv&caller=ana-7"));
        request.Headers.Authorization = new("Bearer", CallerBench.AdminKey);
        using var response = await _bench.Client.SendAsync(request);
        var exported = await response.Content.ReadAsStringAsync();

        Assert.Matches("(?m)^[^\n]*,ana-7,[^\n]*,corp,[^,\n]*,,,\r?$", exported);
    }

    [NodeFact]
    public async Task An_erasure_resets_no_counter_of_the_person()
    {
        await CallAsync(_ana, "find");
        Assert.Contains("0 of 1 left", await CallAsync(_ana, "find"), StringComparison.Ordinal);

        var erased = await Cli.RunAsync(Arguments("--yes"));

        Assert.Equal(0, erased.ExitCode);
        Assert.Contains("0 of 1 left", await CallAsync(_ana, "find"), StringComparison.Ordinal);
        Assert.DoesNotContain("0 of 1 left", await CallAsync(_ben, "find"), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_value_that_is_removed_without_an_erasure_is_tampering()
    {
        await CallAsync(_ana, "list");
        await _bench.StopAsync();
        var path = AuditFileName.PathOf(Path.Combine(_bench.Folder, "data", "audit"), 1);
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(
            path, System.Text.RegularExpressions.Regex.Replace(
                text, ",\"caller\":\"ana-7\",\"salts\":\"[^\"]+",
                static found => ",\"salts\":\"".PadLeft(found.Length - 22) + new string(' ', 22)));

        var verified = await Cli.RunAsync("audit", "verify", "--data", Path.Combine(_bench.Folder, "data"));

        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("caller: missing without an erasure record", verified.Output, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task An_export_has_records_requests_pauses_and_copies_elsewhere()
    {
        await CallAsync(_ana, "list");
        await CallAsync(_ben, "list");
        await CallAsync(_ana, "pay");
        await ApprovalAsync();
        Assert.Equal(0, (await Cli.RunAsync("subject", "pause", "corp", "ana-7")).ExitCode);

        var export = await Cli.RunAsync("subject", "export", "corp", "ana-7");

        Assert.Equal(0, export.ExitCode);
        var lines = export.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(
            ["approval", "copy", "pause", "record"],
            lines.Select(static line => (string?)line["of"]).Distinct().Order(StringComparer.Ordinal));
        var records = lines.Where(static line => (string?)line["of"] == "record").Select(static line => line["value"]!);
        Assert.All(records, static record => Assert.Equal("ana-7", (string?)record["caller"]));
        Assert.Single(records, static record => (string?)record["kind"] == "change");
        Assert.DoesNotContain("ben-8", export.Output, StringComparison.Ordinal);
        Assert.Contains(_bench.Records(), static one =>
            Kind(one) == "access" && one.GetProperty("action").GetString() == "export-person");
        Assert.Equal(1, (await Cli.RunAsync("subject", "export", "corp", "nobody-9")).ExitCode);
    }

    [Fact]
    public async Task An_export_lists_the_sinks_and_the_traces_that_may_have_copies()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(
            folder.File("gateway.json", $$"""{ "admin": { "key": "{{CallerBench.AdminKey}}" } }"""),
            Path.Combine(folder.Path, "data"),
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://127.0.0.1:9",
                ["GATEWAY_AUDIT_SINKS"] = folder.File(
                    "sinks.json", """{ "siem": { "kind": "webhook", "url": "https://127.0.0.1:9/", "on_full": "drop" } }"""),
            });

        var export = await new Cli(folder.Path, gateway.Address, CallerBench.AdminKey)
            .RunAsync("subject", "export", "corp", "ana-7");

        Assert.Equal(
            ["sink siem (webhook)", "traces OpenTelemetry", "backups copies of the data directory and of the store"],
            export.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => JsonNode.Parse(line)!).Where(static line => (string?)line["of"] == "copy")
                .Select(static line => $"{line["value"]!["kind"]} {line["value"]!["name"]}"));
    }

    [NodeFact]
    public async Task Records_with_hashed_subjects_are_grouped_exported_and_erased()
    {
        await using var bench = await CallerBench.StartAsync(
            policy: Policy, more: Budgets, hashesSubjects: true);
        var cli = new Cli(bench.Folder, bench.Address, CallerBench.AdminKey);
        foreach (var subject in (string[])["ana-7", "ana-7", "ben-8"])
        {
            var token = await bench.TokenAsync(subject, "agents");
            Assert.Equal(200, await bench.StatusAsync(token));
        }

        var decided = bench.Records().Where(static one => Kind(one) == "decision")
            .Select(static one => one.GetProperty("caller").GetString()!).ToList();
        Assert.All(decided, static caller => Assert.Matches("^hmac:[0-9a-f]{64}$", caller));
        Assert.Equal((decided[0], 2), (decided[1], decided.Distinct().Count()));

        var export = await cli.RunAsync("subject", "export", "corp", "ana-7");
        Assert.Equal(4, export.Output.Split(decided[0]).Length - 1);
        var erased = await cli.RunAsync(Arguments("--yes"));

        Assert.Contains("4 records", erased.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Records(), one =>
            one.TryGetProperty("caller", out var caller) && caller.ValueEquals(decided[0]));
        Assert.Contains(bench.Records(), one =>
            one.TryGetProperty("caller", out var caller) && caller.ValueEquals(decided[2]));
    }

    [NodeFact]
    public async Task An_erasure_keeps_a_task_that_has_not_ended_and_an_export_has_it()
    {
        // The hour may end after the first call.
        var answer = "";
        for (var calls = 0; calls < 4 && !answer.Contains("taskId", StringComparison.Ordinal); calls++)
            answer = await QueueAsync("tools/call", """ "name":"queued" """, "queued");
        var task = (string)JsonNode.Parse(answer)!["result"]!["taskId"]!;

        var export = await Cli.RunAsync("subject", "export", "corp", "ana-7");
        var erased = await Cli.RunAsync(Arguments("--yes"));

        Assert.Contains("\"of\":\"approval\"", export.Output.Replace(" ", ""), StringComparison.Ordinal);
        Assert.Contains("1 open request or task", erased.Output, StringComparison.Ordinal);
        var state = JsonNode.Parse(await QueueAsync("tasks/get", $""" "taskId":"{task}" """, task))!;
        Assert.Equal("working", (string?)state["result"]?["status"]);
        // Another subject of the grant has no such task.
        var others = JsonNode.Parse(await QueueAsync("tasks/get", $""" "taskId":"{task}" """, task, _ben))!;
        Assert.Equal(-32602, (int?)others["error"]?["code"]);
    }

    [NodeFact]
    public async Task Figures_and_searches_group_by_what_names_the_caller()
    {
        var program = await _bench.SignAsync(new JsonObject
        {
            ["sub"] = "ana-7",
            ["groups"] = new JsonArray("agents"),
            ["client_id"] = "batch",
            // Of nested actors, only the outermost is the current one (RFC 8693, 4.1).
            ["act"] = new JsonObject { ["sub"] = "robot", ["act"] = new JsonObject { ["sub"] = "former" } },
        });
        await CallAsync(_ana, "list");
        await CallAsync(program, "list");
        await CallAsync(_ben, "list");

        Assert.Equal("""[["ana-7","corp",2],["ben-8","corp",1]]""", await RowsAsync("caller"));
        Assert.Equal("""[["corp",null,3]]""", await RowsAsync("callerIssuer"));
        Assert.Equal("""[["(none)",null,2],["batch",null,1]]""", await RowsAsync("callerClient"));
        Assert.Equal("""[["ana-7","corp",1]]""", await RowsAsync("caller&callerActor=robot"));
        var facets = (await _bench.AdminAsync("audit/facets?kind=decision&callerClient=batch"))!;
        Assert.Equal(1, (int)facets["matched"]!);
        Assert.Equal("robot", (string?)facets["facets"]!["callerActor"]![0]!["value"]);
        await CallAsync(program, "send");
        await CallAsync(_ben, "send");
        Assert.Equal(
            """[["ana-7","corp",1],["ben-8","corp",1]]""", await RowsAsync("caller&server=(budgets)&tool=mail"));
        await CallAsync(program, "pay");
        await ApprovalAsync();
        Assert.Equal(1, (int)(await _bench.AdminAsync(
            "audit/facets?kind=approval&outcome=asked&callerClient=batch&callerActor=robot"))!["matched"]!);
        Assert.Empty((await _bench.AdminAsync("audit?callerActor=former"))!["items"]!.AsArray());
        var run = await Cli.RunAsync("usage", "--by", "caller", "--caller-client", "batch", "--output", "csv");
        Assert.Matches("(?m)ana-7.*corp|corp.*ana-7", run.Output);
    }

    [NodeFact]
    public async Task A_reason_that_names_the_person_is_refused()
    {
        var run = await Cli.RunAsync(
            "audit", "erase", "--issuer", "corp", "--subject", "ana-7", "--reason", "Ana-7 asked", "--yes");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("stays in the audit log", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Records(), static one => Kind(one) == "erasure");
    }

    private static string? Kind(JsonElement record) => record.GetProperty("kind").GetString();

    private static string[] Arguments(params string[] more) =>
        ["audit", "erase", "--issuer", "corp", "--subject", "ana-7", "--reason", "request 17", .. more];

    private async Task<string> CallAsync(string token, string tool)
    {
        using var response = await _bench.SendAsync(token, body: $$$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{ "a": "1" } } }
            """);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> RowsAsync(string by)
    {
        var usage = await _bench.AdminAsync($"usage?since=5m&by={by}");
        return new JsonArray([.. usage!["rows"]!.AsArray().Select(static row => new JsonArray(
            row!["name"]!.DeepClone(), row["callerIssuer"]?.DeepClone(), row["calls"]!.DeepClone()))]).ToJsonString();
    }

    private async Task<string> QueueAsync(
        string method, string parameters, string name, string? token = null)
    {
        using var response = await _bench.SendAsync(
            token ?? _ana,
            body: $$$"""
                {"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{ {{{parameters}}},"_meta":{
                "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":
                {"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{{{ApprovalTaskBench.Declared}}} } } }
                """,
            change: request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", method);
                request.Headers.Add("Mcp-Name", name);
            });
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> ApprovalAsync()
    {
        var list = await Cli.RunAsync("approvals", "list", "--json");
        return (string)JsonNode.Parse(list.Output)!.AsArray().Single()!["id"]!;
    }

    /// <summary>
    /// The text of every file of the data directory, except the history of changes; compressed ones are expanded.
    /// </summary>
    private string AllText()
    {
        var text = new StringBuilder();
        foreach (var path in Directory.EnumerateFiles(
            Path.Combine(_bench.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            if (path.EndsWith("lock", StringComparison.Ordinal))
                continue;
            using Stream file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var plain = path.EndsWith(".gz", StringComparison.Ordinal)
                ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress)
                : file;
            using var reader = new StreamReader(plain, Encoding.Latin1);
            text.Append(reader.ReadToEnd());
        }

        return text.ToString();
    }
}
