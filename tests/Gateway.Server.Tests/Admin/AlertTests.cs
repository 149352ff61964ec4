using Gateway.Admin.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Admin;

/// <summary>Alert rules of operators: their values, the notification of channels, and the command line.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Rule_above_its_threshold_needs_attention_and_notifies_matching_channels_once()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        await AddChannelAsync(receiver, "ops", "alert.*");
        await AddChannelAsync(receiver, "other", "approval.*");
        var token = await _bench.ProvideAsync();
        await PutAsync("refused", new JsonObject
        {
            ["measure"] = "refusal-rate",
            ["above"] = 20,
            ["server"] = "crm",
            ["minCalls"] = 4,
            ["severity"] = "critical",
            ["note"] = "Ask the support team",
        });
        for (var call = 0; call < 3; call++)
            await _bench.CallAsync(token);
        await Watch.CheckAsync(CancellationToken.None);
        Assert.DoesNotContain(await AttentionAsync(), static one => (string?)one!["kind"] == "alert.firing");
        Assert.Equal("There were fewer than 4 calls to crm in 10m", (string?)(await ShowAsync("refused"))["text"]);

        await _bench.CallAsync(token);
        await Watch.CheckAsync(CancellationToken.None);
        await Watch.CheckAsync(CancellationToken.None);

        var view = await ShowAsync("refused");
        Assert.Equal((true, 25), ((bool)view["firing"]!, (double)view["value"]!));
        var attention = Assert.Single(await AttentionAsync(), static one => (string?)one!["kind"] == "alert.firing")!;
        Assert.Equal(
            ("critical", "The alert refused fires", "settings/alerts", "crm"),
            ((string?)attention["severity"], (string?)attention["text"], (string?)attention["page"],
                (string?)attention["server"]));
        const string Measured = "25 % of the calls to crm were refused in 10m; the threshold is 20";
        Assert.Equal($"{Measured}.", (string?)attention["detail"]);
        var message = await receiver.NextAsync();
        Assert.Equal("/ops", message.Path);
        var data = message.Json["data"]!;
        Assert.Equal(
            ("alert.firing", Measured, "refused", "critical"),
            ((string?)message.Json["type"], (string?)data["reason"], (string?)data["alert"],
                (string?)data["severity"]));
        Assert.Equal("Ask the support team", (string?)data["note"]);
        Assert.Equal(0, receiver.Count);

        await SendAsync("PATCH", "alerts/refused", new JsonObject { ["above"] = 25 });
        await Watch.CheckAsync(CancellationToken.None);
        Assert.DoesNotContain(await AttentionAsync(), static one => (string?)one!["kind"] == "alert.firing");
    }

    [Fact]
    public async Task Rule_that_stops_firing_notifies_the_channels_of_the_alert_once_and_fires_again()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        // The channel names the alert only, and not its end.
        await AddChannelAsync(receiver, "ops", "alert.firing");
        await AddChannelAsync(receiver, "other", "approval.*");
        var token = await _bench.ProvideAsync();
        for (var call = 0; call < 2; call++)
            await _bench.CallAsync(token);
        await PutAsync(
            "busy", new JsonObject { ["measure"] = "calls", ["above"] = 0, ["severity"] = "critical" });
        Assert.Equal("alert.firing", (string?)(await CheckedAsync(receiver)).Json["type"]);

        await SendAsync("PATCH", "alerts/busy", new JsonObject { ["above"] = 2 });
        var ended = await CheckedAsync(receiver);
        for (var check = 0; check < 3; check++)
            await Watch.CheckAsync(CancellationToken.None);
        await SendAsync("PATCH", "alerts/busy", new JsonObject { ["above"] = 0 });
        var again = await CheckedAsync(receiver);
        await _bench.SendAsync("DELETE", "alerts/busy", null, "*");
        var removed = await CheckedAsync(receiver);

        var data = ended.Json["data"]!;
        Assert.Equal(
            ("/ops", "alert.resolved", "busy", "critical"),
            (ended.Path, (string?)ended.Json["type"], (string?)data["alert"], (string?)data["severity"]));
        Assert.StartsWith(
            "The alert busy ended. There were 2 calls in 10m; the threshold is 2", (string?)data["reason"],
            StringComparison.Ordinal);
        Assert.Equal("alert.firing", (string?)again.Json["type"]);
        Assert.Equal(
            ("alert.resolved", "The alert busy ended, because its rule was removed"),
            ((string?)removed.Json["type"], (string?)removed.Json["data"]!["reason"]));
        Assert.Equal(0, receiver.Count);
    }

    [Theory]
    [InlineData("calls", 3, 4, "There were 4 calls in 10m; the threshold is 3")]
    [InlineData("limit-use", 99, 100, "100 % of the limit lists of crm is used, until ")]
    [InlineData("error-rate", 0, null, "There were fewer than 20 calls in 10m")]
    [InlineData("p95-latency", 0, null, "There were fewer than 20 calls in 10m")]
    [InlineData("waiting-approvals", 0, 0, "0 calls wait for approval; the threshold is 0")]
    [InlineData("changed-tools", 0, 0, "0 tools are new, changed or blocked; the threshold is 0")]
    public async Task Measure_has_a_value_of_the_calls_before(string measure, int above, int? value, string text)
    {
        var token = await _bench.ProvideAsync();
        for (var call = 0; call < 4; call++)
            await _bench.CallAsync(token);

        await PutAsync("one", new JsonObject { ["measure"] = measure, ["above"] = above });

        var view = await ShowAsync("one");
        Assert.Equal(
            (value, value > above), ((int?)(double?)view["value"], (bool?)view["firing"]));
        Assert.StartsWith(text, (string?)view["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rates_and_latency_need_the_minimum_of_calls_only()
    {
        var token = await _bench.ProvideAsync();
        await _bench.CallAsync(token);
        await PutAsync("slow", new JsonObject { ["measure"] = "p95-latency", ["above"] = 0, ["minCalls"] = 1 });
        await PutAsync("failed", new JsonObject { ["measure"] = "error-rate", ["above"] = 0, ["minCalls"] = 1 });

        var failed = await ShowAsync("failed");
        Assert.Equal((0, false), ((double)failed["value"]!, (bool)failed["firing"]!));
        var slow = await ShowAsync("slow");
        Assert.True((double)slow["value"]! > 0 && (bool)slow["firing"]!, slow.ToJsonString());
    }

    [Theory]
    [InlineData("""{"above":1}""", "/measure")]
    [InlineData("""{"measure":"calls"}""", "/above")]
    [InlineData("""{"measure":"cals","above":1}""", "/measure")]
    [InlineData("""{"measure":"calls","above":-1}""", "/above")]
    [InlineData("""{"measure":"refusal-rate","above":500}""", "/above")]
    [InlineData("""{"measure":"calls","above":1,"over":"90s"}""", "/over")]
    [InlineData("""{"measure":"calls","above":1,"over":"7h"}""", "/over")]
    [InlineData("""{"measure":"calls","above":1,"minCalls":5}""", "/minCalls")]
    [InlineData("""{"measure":"changed-tools","above":1,"grant":"bot"}""", "/grant")]
    [InlineData("""{"measure":"calls","above":1,"server":"crn"}""", "/server")]
    [InlineData("""{"measure":"calls","above":1,"grant":"bott"}""", "/grant")]
    public async Task Wrong_rule_is_rejected_with_its_place(string rule, string pointer)
    {
        await _bench.ProvideAsync();

        var reply = await _bench.SendAsync("PUT", "alerts/one", JsonNode.Parse(rule));

        Assert.Equal(422, reply.Status);
        Assert.Contains(
            reply.Json!["errors"]!.AsArray(), one => (string?)one!["pointer"] == pointer);
        Assert.Equal(404, (await _bench.SendAsync("GET", "alerts/one")).Status);
    }

    [Fact]
    public async Task Rule_is_managed_and_tested_from_a_shell()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        await _bench.ProvideAsync();
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);

        var made = await cli.RunAsync(
            "alerts", "create", "busy", "--measure", "calls", "--above", "100", "--over", "1h", "--server", "crm");
        var again = await cli.RunAsync("alerts", "create", "busy", "--measure", "calls", "--above", "1");
        var unsent = await cli.RunAsync("alerts", "test", "busy");
        await AddChannelAsync(receiver, "ops", "alert.*");
        var tested = await cli.RunAsync("alerts", "test", "busy");
        var set = await cli.RunAsync("alerts", "set", "busy", "--above", "200");
        var listed = await cli.RunAsync("alerts", "list");
        var shown = await cli.RunAsync("alerts", "show", "busy");
        var removed = await cli.RunAsync("alerts", "remove", "busy");

        Assert.Equal(
            (0, 1, 0, 0, 0, 0, 0),
            (made.ExitCode, unsent.ExitCode, tested.ExitCode, set.ExitCode, listed.ExitCode, shown.ExitCode,
                removed.ExitCode));
        Assert.Contains("gateway alerts set busy", again.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u000A", made.Output + unsent.Output, StringComparison.Ordinal);
        Assert.Contains("No channel accepts this alert", unsent.Output, StringComparison.Ordinal);
        Assert.Contains("ops accepted the message", tested.Output, StringComparison.Ordinal);
        Assert.Contains("Test of the alert busy", (await receiver.NextAsync()).Body, StringComparison.Ordinal);
        Assert.Matches(@"busy\s+ok\s+calls\s+200\s+api\s+There were 0 calls to crm in 1h", listed.Output);
        Assert.Matches(@"over\s+1h", shown.Output);
        var history = (await _bench.SendAsync("GET", "history")).Json!["items"]!.AsArray();
        Assert.Equal(
            ["delete", "patch", "create"],
            history.Where(static one => (string?)one!["object"] == "alerts/busy")
                .Select(static one => (string?)one!["action"]));
    }

    [Fact]
    public async Task Rule_follows_its_server_when_that_is_renamed()
    {
        await _bench.ProvideAsync();
        await PutAsync("busy", new JsonObject { ["measure"] = "calls", ["above"] = 1, ["server"] = "crm" });

        await SendAsync("POST", "servers/crm/rename", new JsonObject { ["name"] = "sales" });

        var view = await ShowAsync("busy");
        Assert.Equal("sales", (string?)view["server"]);
        Assert.StartsWith("There were 0 calls to sales", (string?)view["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_of_the_configuration_file_fires_follows_a_rename_and_is_changed_only_there()
    {
        await _bench.DisposeAsync();
        _bench = await AdminBench.StartAsync($$"""
            { "admin": { "key": "{{AdminBench.ConfiguredKey}}" }, "alerts": {
                "busy": { "measure": "calls", "above": 0, "server": "crm" },
                "lost": { "measure": "calls", "above": 0, "server": "nowhere" } } }
            """);
        var token = await _bench.ProvideAsync();
        await _bench.CallAsync(token);
        await SendAsync("POST", "servers/crm/rename", new JsonObject { ["name"] = "sales" });
        await PutAsync("other", new JsonObject { ["measure"] = "calls", ["above"] = 5 });

        await Watch.CheckAsync(CancellationToken.None);

        var attention = Assert.Single(await AttentionAsync(), static one => (string?)one!["kind"] == "alert.firing")!;
        Assert.Equal("The alert busy fires", (string?)attention["text"]);
        var view = await ShowAsync("busy");
        Assert.Equal(
            ("file", "sales", "There were 1 call to sales in 10m; the threshold is 0"),
            ((string?)view["origin"], (string?)view["server"], (string?)view["text"]));
        Assert.Equal("api", (string?)(await ShowAsync("other"))["origin"]);
        Assert.Equal(
            ["busy", "lost", "other"],
            (await _bench.SendAsync("GET", "alerts")).Json!["items"]!.AsArray()
                .Select(static one => (string?)one!["name"]));
        var rule = new JsonObject { ["measure"] = "calls", ["above"] = 9 };
        Assert.Equal(409, (await _bench.SendAsync("PUT", "alerts/busy", rule)).Status);
        Assert.Equal(409, (await _bench.SendAsync("PATCH", "alerts/busy", rule, "*")).Status);
        Assert.Equal(409, (await _bench.SendAsync("DELETE", "alerts/busy", null, "*")).Status);
        Assert.Equal(200, (await _bench.SendAsync("POST", "alerts/busy/test")).Status);
        Assert.Equal("There is no server nowhere, so the rule never fires", (string?)(await ShowAsync("lost"))["text"]);
    }

    /// <summary>Measures the rules until a message arrives.</summary>
    private async Task<ReceivedMessage> CheckedAsync(MessageReceiver receiver)
    {
        await Soon.UntilAsync(async () =>
        {
            await Watch.CheckAsync(CancellationToken.None);
            return receiver.Count > 0;
        }, "a message arrives");
        return await receiver.NextAsync();
    }

    private AlertWatch Watch => _bench.Host.Services.GetRequiredService<AlertWatch>();

    private Task AddChannelAsync(MessageReceiver receiver, string name, string type) =>
        SendAsync("POST", "channels", new JsonObject
        {
            ["name"] = name,
            ["kind"] = "webhook",
            ["url"] = $"{receiver.Url}/{name}",
            ["allowPrivate"] = true,
            ["types"] = new JsonArray(type),
        });

    private Task PutAsync(string name, JsonObject rule) => SendAsync("PUT", $"alerts/{name}", rule);

    private async Task SendAsync(string method, string path, JsonObject body)
    {
        var reply = await _bench.SendAsync(method, path, body, method == "PATCH" ? "*" : null);
        Assert.True(reply.Status is 200 or 201, reply.Json?.ToJsonString());
    }

    private async Task<JsonObject> ShowAsync(string name) =>
        (await _bench.SendAsync("GET", $"alerts/{name}")).Json!.AsObject();

    private async Task<JsonArray> AttentionAsync() =>
        (await _bench.SendAsync("GET", "status")).Json!["attention"]!.AsArray();
}
