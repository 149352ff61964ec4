using Gateway.Admin.Budgets;
using Gateway.Control.Updating;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Admin;

/// <summary>Budgets that operators create, change and remove while agents call.</summary>
public sealed class SharedBudgetTests : IAsyncLifetime
{
    private const string Charging = """
        { "version": "1", "default": "deny", "tools": { "list_customers": { "budgets": ["mail"] } } }
        """;

    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync("""
        { "budgets": { "filed": { "window": "day", "zone": "Europe/Berlin", "max": "2.50", "services": [] } } }
        """);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Creates_shows_changes_and_removes_a_budget()
    {
        var created = await PutAsync("mail", """{ "window": 3600, "max": "10.5", "grants": ["bot"] }""");
        Assert.Equal(201, created.Status);
        Assert.Equal(428, (await PutAsync("mail", """{ "window": "day", "max": 1, "grants": ["*"] }""")).Status);
        Assert.Equal(
            412, (await PutAsync("mail", """{ "window": "day", "max": 1, "grants": ["*"] }""", "\"1\"")).Status);

        var patch = JsonNode.Parse("""{ "max": 20, "refundable": true, "services": ["billing"] }""");
        var changed = await _bench.SendAsync("PATCH", "budgets/mail", patch, created.ETag);
        Assert.Equal(200, changed.Status);
        var shown = await _bench.SendAsync("GET", "budgets/mail");
        Assert.Equal(changed.ETag, shown.ETag);
        Assert.Equal(
            """{"name":"mail","origin":"api","window":3600,"max":20,"kind":"fixed","refundable":true,"""
            + "\"services\":[\"billing\"],\"grants\":[\"bot\"]}",
            Without(shown.Json!.AsObject(), "status"));

        Assert.Equal(
            ["filed", "mail"],
            (await _bench.SendAsync("GET", "budgets")).Json!["items"]!.AsArray().Select(one => (string)one!["name"]!));
        Assert.Equal(428, (await _bench.SendAsync("DELETE", "budgets/mail")).Status);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "budgets/mail", ifMatch: shown.ETag)).Status);
        Assert.Equal(404, (await _bench.SendAsync("GET", "budgets/mail")).Status);
        Assert.Equal(404, (await _bench.SendAsync("PATCH", "budgets/mail", patch, "*")).Status);
    }

    [Fact]
    public async Task A_changed_maximum_keeps_what_was_counted_and_is_never_exceeded()
    {
        var token = await ChargingAsync("""{ "window": "month", "max": 2, "grants": ["bot"] }""");

        Assert.Equal([false, false, true], await CallsAsync(token, 3));
        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = 3 }, "*");
        Assert.Equal([false, true], await CallsAsync(token, 2));
        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = 1 }, "*");
        Assert.Equal([true], await CallsAsync(token, 1));
        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = 4 }, "*");
        Assert.Equal([false, true], await CallsAsync(token, 2));

        var status = (await _bench.SendAsync("GET", "budgets/mail")).Json!["status"]!;
        Assert.Equal(("4", "0", 1.0), ((string?)status["used"], (string?)status["left"], (double)status["usedRatio"]!));
        Assert.NotNull(status["reset"]);
    }

    [Fact]
    public async Task The_usage_of_a_budget_contains_the_charges_of_grants()
    {
        var token = await ChargingAsync("""{ "window": "month", "max": 2, "grants": ["bot"] }""");
        Assert.Equal([false, false, true], await CallsAsync(token, 3));

        var charges = (await _bench.SendAsync("GET", "usage?server=(budgets)&tool=mail&by=grant")).Json!;
        var row = Assert.Single(charges["rows"]!.AsArray())!;
        Assert.Equal(("bot", 3, 1), ((string?)row["name"], (int)row["calls"]!, (int)row["refused"]!));
        await Soon.UntilAsync(async () => await OfCallersAsync("mail") == ("(none)", 3, 1), "the charges are recorded");
        Assert.Null(await OfCallersAsync("other"));
        Assert.Equal(3, (int)(await _bench.SendAsync("GET", "usage")).Json!["calls"]!);
        Assert.Equal("2", (string?)(await _bench.SendAsync("GET", "budgets/mail")).Json!["status"]!["used"]);
    }

    private async Task<(string?, int, int)?> OfCallersAsync(string budget)
    {
        var charges = (await _bench.SendAsync("GET", $"usage?server=(budgets)&tool={budget}&by=caller")).Json!;
        return charges["rows"]!.AsArray() is not [{ } row] ? null
            : ((string?)row["name"], (int)row["calls"]!, (int)row["refused"]!);
    }

    [Fact]
    public async Task Shows_who_charges_a_budget_and_when_it_will_be_exhausted()
    {
        var token = await ChargingAsync("""{ "window": "month", "max": 1000000, "grants": ["bot"] }""");
        await CallsAsync(token, 1);

        var status = (await _bench.SendAsync("GET", "budgets/mail")).Json!["status"]!;
        Assert.Equal("1", (string?)status["used"]);
        Assert.Equal("charging", (string?)Assert.Single(status["policies"]!.AsArray()));
        Assert.Equal("bot", (string?)Assert.Single(status["consumers"]!.AsArray()));
        Assert.Null(status["exhaustedAt"]);

        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = "1.0000001" }, "*");
        status = (await _bench.SendAsync("GET", "budgets/mail")).Json!["status"]!;
        Assert.Equal("0.0000001", (string?)status["left"]);
        Assert.True((DateTimeOffset)status["exhaustedAt"]! < (DateTimeOffset)status["reset"]!);
    }

    [Fact]
    public async Task A_top_up_raises_the_maximum_until_its_end_and_then_the_count_only_refuses()
    {
        var token = await ChargingAsync("""{ "window": "month", "max": 2, "grants": ["bot"] }""");
        Assert.Equal([false, false, true], await CallsAsync(token, 3));

        var topped = await TopUpAsync("""{ "by": "1.5", "until": "1h", "reason": "quarter end" }""");
        Assert.Equal((200, "3.5"), (topped.Status, (string?)topped.Json!["status"]!["max"]));
        var topUp = Assert.Single(topped.Json["topUps"]!.AsArray())!;
        Assert.Equal(("1.5", "quarter end"), ((string?)topUp["by"], (string?)topUp["reason"]));
        Assert.Equal([false, true], await CallsAsync(token, 2));
        var status = (await _bench.SendAsync("GET", "budgets/mail")).Json!["status"]!;
        Assert.Equal(("3", "0.5"), ((string?)status["used"], (string?)status["left"]));

        var ended = await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["topUps"] = null }, topped.ETag);
        Assert.Equal((200, null), (ended.Status, ended.Json!["status"]!["max"]));
        Assert.Equal([true], await CallsAsync(token, 1));
        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = 3 }, "*");
        Assert.Equal([true], await CallsAsync(token, 1));
    }

    [Fact]
    public async Task A_top_up_ends_without_a_change_and_the_next_change_removes_it()
    {
        var token = await ChargingAsync("""{ "window": "month", "max": 1, "grants": ["bot"] }""");
        await TopUpAsync("""{ "by": 5, "until": "1s", "reason": "short" }""");

        await Soon.UntilAsync(async () =>
            (await _bench.SendAsync("GET", "budgets/mail")).Json!["topUps"] is null, "the top-up has ended");
        await CallsAsync(token, 1);
        Assert.Equal([true], await CallsAsync(token, 1));
        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = 2 }, "*");
        var history = (await _bench.SendAsync("GET", "history?object=budgets/mail")).Json!["items"]!.AsArray();
        var changes = history[0]!["changes"]!.AsArray().Select(static one => (string)one!).ToList();
        Assert.Contains("change /max from 1 to 2", changes);
        Assert.Matches("^remove the top-up of 5 until .*: short$", changes[1]);
    }

    [Fact]
    public async Task The_history_has_the_reason_of_a_top_up_and_finds_it_among_raised_maxima()
    {
        await PutAsync("mail", """{ "window": "day", "max": 1, "grants": ["a"] }""");
        await TopUpAsync("""{ "by": 5, "until": "2d", "reason": "quarter end" }""");

        var raised = (await _bench.SendAsync("GET", "history?object=budgets/mail&raised=true")).Json!["items"]!;
        var changes = Assert.Single(raised.AsArray())!["changes"]!.AsArray().Select(static one => (string?)one);
        Assert.Matches("^add the top-up of 5 until .*: quarter end$", Assert.Single(changes));
    }

    [Fact]
    public async Task A_crossed_percentage_notifies_channels_once_per_window()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        Assert.Equal(201, (await _bench.SendAsync("POST", "channels", new JsonObject
        {
            ["name"] = "ops",
            ["kind"] = "webhook",
            ["url"] = $"{receiver.Url}/ops",
            ["allowPrivate"] = true,
            ["types"] = new JsonArray("budget.*"),
        })).Status);
        var token = await ChargingAsync(
            """{ "window": "month", "max": 4, "grants": ["bot"], "notifyAt": [50, 75, 100] }""");
        var thresholds = _bench.Host.Services.GetRequiredService<BudgetThresholds>();
        Task CheckAsync() => thresholds.CheckAsync(
            _bench.Host.Services.GetRequiredService<SnapshotUpdater>().State, CancellationToken.None);

        await CallsAsync(token, 1);
        await CheckAsync();
        await CallsAsync(token, 1);
        await CheckAsync();
        await CheckAsync();
        var half = (await receiver.NextAsync()).Json;
        await CallsAsync(token, 2);
        await CheckAsync();
        List<string?> rest =
        [
            (string?)(await receiver.NextAsync()).Json["data"]!["percent"],
            (string?)(await receiver.NextAsync()).Json["data"]!["percent"],
        ];

        Assert.Equal("budget.threshold", (string?)half["type"]);
        Assert.Equal(
            ["mail", "month", "50", "2", "4"],
            ((string[])["budget", "window", "percent", "used", "max"]).Select(name => (string?)half["data"]![name]));
        Assert.Matches("^20..-..-01T00:00:00.000Z$", (string?)half["data"]!["resets"]);
        Assert.Equal(["100", "75"], rest.Order());
        // A reset begins to count again, as another window does.
        var key = (string?)(await _bench.SendAsync("GET", "counters?budget=mail")).Json!["items"]![0]!["key"];
        await _bench.SendAsync("POST", "counters/reset", new JsonObject { ["key"] = key });
        await CallsAsync(token, 2);
        await CheckAsync();
        Assert.Equal("50", (string?)(await receiver.NextAsync()).Json["data"]!["percent"]);
        Assert.Equal(0, receiver.Count);
    }

    [Theory]
    [InlineData("""{ "by": 1, "until": "2d" }""", "")]
    [InlineData("""{ "by": 0, "until": "2d", "reason": "r" }""", "/by")]
    [InlineData("""{ "by": 1, "until": "2020-01-01T00:00:00Z", "reason": "r" }""", "/until")]
    [InlineData("""{ "by": 1, "until": "soon", "reason": "r" }""", "/until")]
    [InlineData("""{ "by": 1, "until": "2d", "reason": "" }""", "/reason")]
    public async Task Refuses_an_invalid_top_up_and_says_where(string body, string pointer)
    {
        await PutAsync("mail", """{ "window": "day", "max": 1, "grants": ["a"] }""");
        var refused = await TopUpAsync(body);

        Assert.Equal((422, pointer), (refused.Status, (string?)refused.Json!["errors"]![0]!["pointer"]));
        Assert.Equal(428, (await TopUpAsync("""{ "by": 1, "until": "2d", "reason": "r" }""", null)).Status);
        Assert.Equal(409, (await TopUpAsync("""{ "by": 1, "until": "2d", "reason": "r" }""", "*", "filed")).Status);
        Assert.Equal(404, (await TopUpAsync("""{ "by": 1, "until": "2d", "reason": "r" }""", "*", "none")).Status);
    }

    [Fact]
    public async Task Keeps_a_budget_that_a_policy_names_and_one_of_the_configuration_file()
    {
        await ChargingAsync("""{ "window": "month", "max": 2, "grants": ["bot"] }""");

        var used = await _bench.SendAsync("DELETE", "budgets/mail", ifMatch: "*");
        Assert.Equal(409, used.Status);
        Assert.Contains("policies charging", (string?)used.Json!["detail"], StringComparison.Ordinal);
        var keyed = await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["keyed"] = true }, "*");
        Assert.Equal(422, keyed.Status);
        Assert.Equal("/keyed", (string?)keyed.Json!["errors"]![0]!["pointer"]);

        foreach (var (method, body) in new[] { ("PUT", "{}"), ("PATCH", "{}"), ("DELETE", null) })
        {
            var filed = await _bench.SendAsync(
                method, "budgets/filed", body is null ? null : JsonNode.Parse(body), "*");
            Assert.Equal((409, true), (filed.Status,
                ((string?)filed.Json!["detail"])!.Contains("configuration file", StringComparison.Ordinal)));
        }

        var shown = (await _bench.SendAsync("GET", "budgets/filed")).Json!;
        Assert.Equal(
            ("file", "2.5", "Europe/Berlin", "fixed"),
            ((string?)shown["origin"], (string?)shown["max"], (string?)shown["zone"], (string?)shown["kind"]));
    }

    [Theory]
    [InlineData("""{ "window": "day", "max": 0, "grants": ["a"] }""", "/max")]
    [InlineData("""{ "window": "fortnight", "max": 1, "grants": ["a"] }""", "/window")]
    [InlineData("""{ "window": "month", "max": 1, "kind": "sliding", "grants": ["a"] }""", "/kind")]
    [InlineData("""{ "window": "day", "max": 1, "zone": "Nowhere/X", "grants": ["a"] }""", "/zone")]
    [InlineData("""{ "window": "day", "max": 1, "services": [], "grants": ["a b"] }""", "/grants/0")]
    [InlineData("""{ "window": "day", "max": 1 }""", "")]
    [InlineData("""{ "window": "day", "max": 1, "grants": ["a"], "more": 1 }""", "/more")]
    [InlineData("[]", "")]
    public async Task Refuses_an_invalid_budget_and_says_where(string body, string pointer)
    {
        var refused = await PutAsync("mail", body);

        Assert.Equal(422, refused.Status);
        Assert.Equal(pointer, (string?)refused.Json!["errors"]![0]!["pointer"]);
        Assert.Equal(404, (await _bench.SendAsync("GET", "budgets/mail")).Status);
    }

    [Fact]
    public async Task Puts_every_change_on_record_and_finds_those_that_raise_a_maximum()
    {
        await PutAsync("mail", """{ "window": "day", "max": 1, "grants": ["a"] }""");
        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = 5 }, "*");
        await _bench.SendAsync("PATCH", "budgets/mail", new JsonObject { ["max"] = 2 }, "*");
        await _bench.SendAsync("DELETE", "budgets/mail", ifMatch: "*");

        var made = _bench.Changes().Where(change => change.GetProperty("object").GetString() == "budgets/mail")
            .Select(static change => $"{change.GetProperty("action")}");
        Assert.Equal(["create", "replace", "replace", "delete"], made);
        var raised = (await _bench.SendAsync("GET", "history?object=budgets/mail&raised=true")).Json!["items"]!;
        Assert.Equal(
            "change /max from 1 to 5", (string?)Assert.Single(Assert.Single(raised.AsArray())!["changes"]!.AsArray()));
    }

    private Task<AdminReply> TopUpAsync(string body, string? ifMatch = "*", string name = "mail") =>
        _bench.SendAsync("POST", $"budgets/{name}/top-ups", JsonNode.Parse(body), ifMatch);

    private Task<AdminReply> PutAsync(string name, string body, string? ifMatch = null) =>
        _bench.SendAsync("PUT", $"budgets/{name}", JsonNode.Parse(body), ifMatch);

    /// <summary>Creates the budget and a grant whose policy charges it; returns the grant's token.</summary>
    private async Task<string> ChargingAsync(string budget)
    {
        Assert.Equal(201, (await PutAsync("mail", budget)).Status);
        await _bench.ProvideAsync();
        Assert.Equal(201, (await _bench.SendAsync("PUT", "policies/charging", JsonNode.Parse(Charging))).Status);
        await _bench.SendAsync("DELETE", "grants/bot", ifMatch: "*");
        var grant = new JsonObject
        {
            ["name"] = "bot",
            ["servers"] = new JsonObject { ["crm"] = "charging" },
        };
        return (string)(await _bench.SendAsync("POST", "grants", grant)).Json!["token"]!;
    }

    /// <summary>Calls the tool several times; true for each refusal.</summary>
    private async Task<List<bool>> CallsAsync(string token, int count)
    {
        var refused = new List<bool>();
        for (var i = 0; i < count; i++)
            refused.Add((await _bench.CallAsync(token)).IsError);
        return refused;
    }

    private static string Without(JsonObject json, string name)
    {
        json.Remove(name);
        string[] first = ["name", "origin"];
        return new JsonObject(json.OrderBy(one => !first.Contains(one.Key)).ToList()
            .Select(static one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))).ToJsonString();
    }
}
