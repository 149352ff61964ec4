namespace Gateway.Server.Tests.Operators;

/// <summary>
/// A month of changes by three operators on the released program, whose clock libfaketime moves: the record names every
/// change with its operator, time, way and reason, and each version of a policy comes back byte for byte.
/// </summary>
public sealed class MonthOfChangesTests : IDisposable
{
    private const string AdminKey = "admin-key-of-this-month";

    // Odd spaces and an end of line show that a version is kept as it was written.
    private const string First = """
        { "version": "1",   "default": "deny", "tools": { "refund": { "action": "approve" } } }

        """;

    private const string Second = """
        { "version": "1", "default": "deny",  "tools": { "refund": { "action": "approve" },
          "find": { "limits": [ { "counter": "finds", "window": "month", "max": 5 } ] } } }
        """;

    private static readonly DateTimeOffset FirstDay = new(2031, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly TestFolder _folder = new("gateway-operators-");
    private readonly List<Made> _made = [];
    private readonly Dictionary<string, Cli> _operators = [];
    private readonly HttpClient _agent = new();
    private GatewayProcess? _gateway;
    private RecordingServer? _server;
    private int _day;
    private string _token = "";

    private string Data => Path.Combine(_folder.Path, "data");

    private string Config => Path.Combine(_folder.Path, "gateway.json");

    public void Dispose()
    {
        _agent.Dispose();
        _folder.Dispose();
    }

    [ClockFact]
    public Task Two_days_of_a_month_are_on_record_with_operator_time_way_and_reason() => LiveAsync(isWhole: false);

    [ClockFact]
    [Trait("run", "full")]
    public Task Month_of_three_operators_is_on_record_with_operator_time_way_and_reason() => LiveAsync(isWhole: true);

    private async Task LiveAsync(bool isWhole)
    {
        await using var server = _server = await RecordingServer.StartAsync();
        WriteConfig(max: 5);
        try
        {
            await ReachAsync(1);
            await MakeOperatorsAsync();
            await BeginAsync();
            if (isWhole)
            {
                await ReachAsync(5);
                await ApproveAsync();
                await ReachAsync(12);
                await ReloadAsync();
                await ReachAsync(20);
                await MoveGrantAsync();
            }

            await ReachAsync(30);
            await EndAsync();
            await RecordHasEverythingAsync();
        }
        finally
        {
            if (_gateway is not null)
                await _gateway.DisposeAsync();
        }
    }

    /// <summary>Restarts the gateway on another day of the month.</summary>
    private async Task ReachAsync(int day)
    {
        await StopAsync();
        _day = day;
        var ahead = (FirstDay.AddDays(day - 1) - TimeProvider.System.GetUtcNow()).TotalSeconds;
        _gateway = await GatewayProcess.StartAsync(
            Config, Data, FakeTime.Shift(ahead.ToString("+0;-0", CultureInfo.InvariantCulture)).ToDictionary(
                static one => one.Name, static one => one.Value));
        foreach (var cli in _operators.Values)
            cli.Environment["GATEWAY_URL"] = _gateway.Address.ToString();
    }

    private async Task StopAsync()
    {
        if (_gateway is null)
            return;
        _gateway.Terminate();
        await _gateway.WaitForExitAsync();
        await _gateway.DisposeAsync();
        _gateway = null;
    }

    /// <summary>Three operators, each with an account, a role and a key.</summary>
    private async Task MakeOperatorsAsync()
    {
        using var admin = new HttpClient { BaseAddress = _gateway!.Address };
        admin.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        foreach (var (name, role) in ((string, string)[])[("ana", "editor"), ("ben", "approver"), ("cleo", "admin")])
        {
            await PostAsync("operators", new JsonObject { ["name"] = name, ["roles"] = new JsonArray(role) });
            var made = await PostAsync(
                $"operators/{name}/keys", new JsonObject { ["name"] = "laptop", ["expires"] = FirstDay.AddDays(60) });
            _operators[name] = new Cli(_folder.Path, _gateway.Address, (string)made["key"]!);
            _made.Add(new("admin", "create", $"operators/{name}", _day, "admin-key", "api", null));
            _made.Add(new("admin", "create", $"operator-keys/{name}/laptop", _day, "admin-key", "api", null));
        }

        async Task<JsonNode> PostAsync(string path, JsonObject body)
        {
            using var content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
            using var response = await admin.PostAsync($"api/v1/{path}", content);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }
    }

    private async Task BeginAsync()
    {
        Write("first.json", First);
        Write("second.json", Second);
        await MakeAsync("ana", "create", "servers/crm", null, "server", "add", "crm", _server!.Url);
        await MakeAsync("ana", "create", "policies/support", "agreed with support",
            "policy", "set", "support", "first.json", "--reason", "agreed with support");
        await MakeAsync("ana", "replace", "policies/support", null, "policy", "set", "support", "second.json");
        var made = await MakeAsync(
            "ana", "create", "grants/bot", null, "grant", "create", "bot", "--server", "crm=support");
        _token = Regex.Match(made, "pgw_[A-Za-z0-9_-]{43}").Value;
    }

    private async Task ApproveAsync()
    {
        var id = Regex.Match(await CallAsync("refund"), "\"approvalId\":\"([0-9a-f]{32})\"").Groups[1].Value;
        await WellAsync("ben", "approvals", "approve", id, "--comment", "the customer is right");
        Assert.Contains("\"result\"", await CallAsync("refund"), StringComparison.Ordinal);
        var answered = await WellAsync("cleo", "audit", "query", "--became", "approved", "--json");
        var record = JsonNode.Parse(answered)!;
        Assert.Equal(
            ("ben", "ben/laptop", "cli", "the customer is right", DayOf(5)),
            ((string?)record["by"], (string?)record["credentialId"], (string?)record["origin"],
                (string?)record["comment"], ((string)record["time"]!)[..10]));
    }

    private async Task ReloadAsync()
    {
        WriteConfig(max: 9);
        // The gateway may have seen the edit by itself; either way it is one reload of the file.
        await WellAsync("cleo", "config", "reload");
        var reload = JsonNode.Parse(await WellAsync("cleo", "history", "--action", "reload", "--json"))!;
        var entry = Assert.Single(reload.AsArray())!;
        Assert.Contains("from 5 to 9", entry["changes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(DayOf(12), ((string)entry["time"]!)[..10]);
        var counters = JsonNode.Parse(await WellAsync("ana", "counter", "list", "--json"))!.AsArray();
        var key = (string)counters.Single(static one => (string?)one!["counter"] == "finds")!["key"]!;
        await MakeAsync(
            "cleo", "reset", $"generations/{key[..key.LastIndexOf('/')]}", null, "counter", "reset", key);
    }

    private async Task MoveGrantAsync()
    {
        await MakeAsync("ana", "create", "policies/other", "for tests",
            "policy", "set", "other", "first.json", "--reason", "for tests");
        await MakeAsync("ana", "patch", "grants/bot", null, "grant", "set", "bot", "--server", "crm=other");
        await MakeAsync("ana", "patch", "grants/bot", null, "grant", "set", "bot", "--server", "crm=support");
    }

    private async Task EndAsync()
    {
        Write("month.json", """
            { "policies": { "support": { "version" : "1", "default":"allow" } },
              "grants": { "new": { "server": "crm", "policy": "support" } } }
            """);
        await MakeAsync("cleo", "apply", "applied/default", null, "apply", "-f", "month.json");
        var dry = await WellAsync("ana", "server", "rename", "crm", "customers", "--dry-run");
        Assert.Equal(
            "crm would be renamed to customers. 2 grants reach it. No counter restarts, and approvals stay. "
            + "Agents use /mcp/customers; /mcp/crm would stay valid.\n", dry);
        var renamed = await MakeAsync("ana", "rename", "server-names/crm", "the team's word",
            "server", "rename", "crm", "customers", "--reason", "the team's word");
        Assert.StartsWith("crm was renamed to customers. 2 grants reach it.", renamed, StringComparison.Ordinal);
        var refused = await _operators["ben"].RunAsync("policy", "set", "support", "first.json");
        Assert.Contains("ben may not do this here", refused.Errors, StringComparison.Ordinal);
        var versions = JsonNode.Parse(await WellAsync("ana", "policy", "versions", "support", "--json"))!.AsArray();
        Assert.Equal(["cleo", "ana", "ana"], versions.Select(static one => (string?)one!["by"]));
        var oldest = versions[^1]!["version"]!.ToJsonString();
        await MakeAsync("ana", "restore", "policies/support", "the new one was too open",
            "policy", "restore", "support", oldest, "--reason", "the new one was too open");
        await MakeAsync("cleo", "revoke", "grants/new", null, "grant", "revoke", "new");
    }

    private async Task RecordHasEverythingAsync()
    {
        var history = JsonNode.Parse(await WellAsync("cleo", "history", "--limit", "1000", "--json"))!.AsArray();
        Assert.Equal(
            // The history is shown by present names; the audit log below is shown as it was written.
            _made.Select(static one => (one.Object == "servers/crm"
                ? one with { Object = "servers/customers" } : one).ToString()),
            history.Where(static one => (string?)one!["action"] != "reload").Reverse().Select(Of));
        var named = await WellAsync("cleo", "history", "--object", "servers/customers");
        Assert.Contains("name crm -> customers", named, StringComparison.Ordinal);

        // The record has one line for each part of the apply.
        var audit = (await WellAsync("cleo", "audit", "query", "--kind", "change", "--limit", "5000", "--json"))
            .Trim().Split('\n').Select(static line => JsonNode.Parse(line)!)
            .Where(static one => (string?)one["action"] is not ("reload" or "start")).Select(Of);
        Assert.Equal(
            _made.SelectMany(static one => one.Action != "apply" ? [one.ToString()]
                : new[]
                {
                    (one with { Action = "replace", Object = "policies/support" }).ToString(),
                    (one with { Action = "create", Object = "grants/new" }).ToString(),
                }).Order(StringComparer.Ordinal),
            audit.Order(StringComparer.Ordinal));

        using var admin = new HttpClient { BaseAddress = _gateway!.Address };
        admin.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        var versions = JsonNode.Parse(
            await admin.GetStringAsync("api/v1/policies/support/versions"))!["items"]!.AsArray();
        var texts = new List<string>();
        foreach (var one in versions)
            texts.Add(await admin.GetStringAsync($"api/v1/policies/support/versions/{one!["version"]}"));
        Assert.Equal([First, """{ "version" : "1", "default":"allow" }""", Second, First], texts);
        Assert.Equal(First, await admin.GetStringAsync("api/v1/policies/support"));

        await StopAsync();
        var verified = await _operators["cleo"].RunAsync("audit", "verify", "--data", Data);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Errors);
        Assert.StartsWith("sound: ", verified.Output, StringComparison.Ordinal);
    }

    private async Task<string> CallAsync(string tool)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway!.Address, "/mcp/crm"))
        {
            Content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{} } }""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new("Bearer", _token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var response = await _agent.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> MakeAsync(
        string by, string action, string about, string? why, params string[] command)
    {
        _made.Add(new(by, action, about, _day, $"key {by}/laptop", "cli", why));
        return await WellAsync(by, command);
    }

    private async Task<string> WellAsync(string by, params string[] command)
    {
        var run = await _operators[by].RunAsync(command);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', command)}: {run.ExitCode} {run.Output} {run.Errors}");
        return run.Output;
    }

    private void WriteConfig(int max) => Write("gateway.json", $$"""
        {
          "admin": { "key": "{{AdminKey}}" },
          "servers": { "filed": { "url": "http://127.0.0.1:9/mcp" } },
          "policies": { "filed": { "version": "1", "default": "allow", "all_tools": { "limits": [
            { "counter": "calls", "window": "hour", "max": {{max}} } ] } } },
          "grants": { "filed": { "server": "filed", "policy": "filed", "token": "{{TestTokens.Agent}}" } }
        }
        """);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);

    private static string DayOf(int day) =>
        FirstDay.AddDays(day - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A change as the history or the audit log has it.</summary>
    private static string Of(JsonNode? one)
    {
        var credential = (string?)one!["credential"];
        var id = (string?)one["credentialId"];
        return new Made(
            (string)one["by"]!, (string)one["action"]!, (string)one["object"]!,
            DateTimeOffset.Parse((string)one["time"]!, CultureInfo.InvariantCulture).Day,
            id is null ? credential! : $"{credential} {id}", (string)one["origin"]!, (string?)one["reason"]).ToString();
    }

    private sealed record Made(
        string By, string Action, string Object, int Day, string Credential, string Origin, string? Reason);
}

/// <summary>A test that moves the clock of the program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClockFactAttribute : FactAttribute
{
    public ClockFactAttribute() => Skip = Requirements.SkipWithout(FakeTime.IsThere ? null : FakeTime.Missing);
}
