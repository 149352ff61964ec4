using Gateway.Admin.Records;
using Gateway.Control.Usage.Asking;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Admin;

/// <summary>The list of conditions that need a person, which the console and <c>gateway status</c> show.</summary>
public sealed class AttentionTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Pause_of_every_call_is_listed_first_with_operator_and_reason_until_resumed()
    {
        await _bench.ProvideAsync();
        Assert.Empty(await AttentionAsync());

        await _bench.SendAsync("POST", "pause", new JsonObject { ["reason"] = " refunds are sent twice " });

        var first = (await AttentionAsync())[0]!;
        Assert.Equal(("critical", "overview"), ((string?)first["severity"], (string?)first["page"]));
        Assert.Contains("paused", (string?)first["text"], StringComparison.Ordinal);
        Assert.EndsWith(": refunds are sent twice", (string?)first["detail"], StringComparison.Ordinal);
        Assert.NotNull(first["since"]);
        var changes = (await _bench.SendAsync("GET", "history")).Json!["items"]!.AsArray();
        Assert.Contains(changes, static one => (string?)one!["reason"] == "refunds are sent twice");

        await _bench.SendAsync("POST", "resume", new JsonObject());
        Assert.Empty(await AttentionAsync());
    }

    [Fact]
    public async Task Pause_without_a_body_works_and_a_long_reason_is_rejected()
    {
        var refused = await _bench.SendAsync("POST", "pause", new JsonObject { ["reason"] = new string('x', 1025) });
        Assert.Equal(422, refused.Status);
        Assert.Contains("1024", (string?)refused.Json!["detail"], StringComparison.Ordinal);
        Assert.Empty(await AttentionAsync());

        await _bench.SendAsync("POST", "pause");
        Assert.Single(await AttentionAsync());
    }

    [Fact]
    public async Task Paused_server_and_unreachable_server_are_listed_by_name()
    {
        var token = await _bench.ProvideAsync();
        await _bench.SendAsync("POST", "servers/crm/pause");
        Assert.Contains(await AttentionAsync(), static one => (string?)one!["text"] == "The server crm is paused");

        await _bench.SendAsync("POST", "servers/crm/resume");
        await _bench.Server.DisposeAsync();
        await _bench.CallAsync(token);

        var unreachable = Assert.Single(await AttentionAsync())!;
        Assert.Equal(("critical", "servers/crm"), ((string?)unreachable["severity"], (string?)unreachable["page"]));
    }

    [Fact]
    public async Task Missing_credential_is_listed_as_such_with_the_next_step()
    {
        var token = await _bench.ProvideAsync();
        var changed = new JsonObject
        {
            ["url"] = _bench.Server.Address.ToString(),
            ["oauth"] = new JsonObject
            {
                ["clientId"] = "gw",
                ["clientSecret"] = "s",
                ["issuer"] = "http://127.0.0.1:9",
            },
        };
        Assert.Equal(200, (await _bench.SendAsync("PUT", "servers/crm", changed, "*")).Status);
        await _bench.CallAsync(token);

        var missing = Assert.Single(await AttentionAsync())!;

        Assert.Equal(
            ("server.failing", "critical", "The gateway has no valid credential for the server crm"),
            ((string?)missing["kind"], (string?)missing["severity"], (string?)missing["text"]));
        Assert.Contains("check its \"oauth\"", (string?)missing["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_whose_tools_cannot_be_listed_is_listed_with_the_reason_and_not_while_it_is_paused()
    {
        await using var server = await RecordingServer.StartAsync();
        await _bench.SendAsync("PUT", "servers/odd", new JsonObject { ["url"] = server.Url });
        Assert.Equal(502, (await _bench.SendAsync("GET", "servers/odd/tools")).Status);

        var unlisted = Assert.Single(await AttentionAsync())!;
        Assert.Equal(
            ("server.unlisted", "warning", "The tools of odd cannot be listed", "servers/odd"),
            ((string?)unlisted["kind"], (string?)unlisted["severity"], (string?)unlisted["text"],
                (string?)unlisted["page"]));
        Assert.Contains("did not list its tools", (string?)unlisted["detail"], StringComparison.Ordinal);
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);
        Assert.Matches("odd +unlisted ", (await cli.RunAsync("status")).Output);
        await _bench.SendAsync("POST", "servers/odd/pause");
        Assert.Equal("server.paused", (string?)Assert.Single(await AttentionAsync())!["kind"]);
    }

    [Fact]
    public async Task Server_whose_calls_are_all_refused_is_listed_until_one_is_allowed()
    {
        var token = await _bench.ProvideAsync();
        var closed = new JsonObject { ["version"] = "1", ["default"] = "deny" };
        await _bench.SendAsync("PUT", "policies/limited", closed, "*");
        for (var call = 0; call < 20; call++)
            await _bench.CallAsync(token);
        await Watch.ReadUsageAsync(CancellationToken.None);
        Assert.Empty(await AttentionAsync());

        await _bench.CallAsync(token);
        await Watch.ReadUsageAsync(CancellationToken.None);

        var refusing = Assert.Single(await AttentionAsync())!;
        Assert.Equal(
            ("server.refusing", "warning", "No call to crm is allowed", "servers/crm"),
            ((string?)refusing["kind"], (string?)refusing["severity"], (string?)refusing["text"],
                (string?)refusing["page"]));
        Assert.StartsWith("21 calls were refused", (string?)refusing["detail"], StringComparison.Ordinal);
        await _bench.SendAsync("POST", "servers/crm/pause");
        Assert.Equal("server.paused", (string?)Assert.Single(await AttentionAsync())!["kind"]);
        await _bench.SendAsync("POST", "servers/crm/resume");
        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(AdminBench.Limited), "*");
        await _bench.CallAsync(token);
        await Watch.ReadUsageAsync(CancellationToken.None);
        var spike = Assert.Single(await AttentionAsync())!;
        Assert.Equal(
            ("refusal.spike", "Refusals of calls to crm rose",
                "21 calls were refused in 10 minutes, 0 on average in the hour before."),
            ((string?)spike["kind"], (string?)spike["text"], (string?)spike["detail"]));
        await _bench.SendAsync(
            "PUT", "policies/limited", new JsonObject { ["version"] = "1", ["default"] = "allow" }, "*");
        for (var call = 0; call < 90; call++)
            await _bench.CallAsync(token);
        await Watch.ReadUsageAsync(CancellationToken.None);
        Assert.Empty(await AttentionAsync());
    }

    [Fact]
    public async Task Grant_that_expires_within_a_week_is_listed_and_one_that_a_client_signed_in_for_is_not()
    {
        await _bench.ProvideAsync();
        Assert.Empty(await AttentionAsync());
        await _bench.SendAsync("PATCH", "grants/bot", new JsonObject { ["expires"] = "6d" }, "*");

        var soon = Assert.Single(await AttentionAsync())!;
        Assert.Equal(
            ("grant.expiring", "info", "The grant bot expires soon", "grants/bot"),
            ((string?)soon["kind"], (string?)soon["severity"], (string?)soon["text"], (string?)soon["page"]));
        await _bench.SendAsync("PATCH", "grants/bot", new JsonObject { ["expires"] = "23h" }, "*");
        Assert.Equal("warning", (string?)Assert.Single(await AttentionAsync())!["severity"]);
        await _bench.SendAsync("PATCH", "grants/bot", new JsonObject { ["expires"] = "8d" }, "*");
        Assert.Empty(await AttentionAsync());
    }

    [Fact]
    public async Task Condition_that_two_checks_find_notifies_channels_once()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        await _bench.SendAsync("POST", "channels", new JsonObject
        {
            ["name"] = "ops",
            ["kind"] = "webhook",
            ["url"] = receiver.Url + "/ops",
            ["allowPrivate"] = true,
            ["types"] = new JsonArray("gateway.*"),
        });
        await _bench.SendAsync("POST", "pause", new JsonObject { ["reason"] = "refunds are sent twice" });
        await _bench.SendAsync("POST", "resume", new JsonObject());
        Watch.Check();
        await _bench.SendAsync("POST", "pause", new JsonObject { ["reason"] = "refunds are sent twice" });

        Watch.Check();
        Assert.Empty(Events());
        Watch.Check();
        Watch.Check();

        var message = (await receiver.NextAsync()).Json;
        Assert.Equal(
            ("gateway.paused", "critical", "Every call is refused: the gateway is paused"),
            ((string?)message["type"], (string?)message["data"]!["severity"], (string?)message["data"]!["reason"]));
        await Soon.UntilAsync(() => Events().Count == 2, "the event and its delivery are on record");
        Assert.Equal(["raised", "told"], Events().Select(static one => one.GetProperty("became").GetString()));
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task Event_without_a_server_is_sent_by_a_channel_with_categories_which_is_still_listed()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        await _bench.SendAsync("POST", "channels", new JsonObject
        {
            ["name"] = "money",
            ["kind"] = "webhook",
            ["url"] = receiver.Url,
            ["allowPrivate"] = true,
            ["categories"] = new JsonArray("Financial"),
        });
        await _bench.SendAsync("POST", "pause");

        Watch.Check();
        Watch.Check();

        Assert.Equal("gateway.paused", (string?)(await receiver.NextAsync()).Json["type"]);
        var listed = await _bench.SendAsync("GET", "channels");
        var shown = await _bench.SendAsync("GET", "channels/money");
        Assert.Equal((200, 200), (listed.Status, shown.Status));
    }

    [Fact]
    public async Task Condition_is_assigned_commented_and_snoozed_until_it_changes()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        await _bench.ProvideAsync();
        await _bench.SendAsync("POST", "channels", new JsonObject
        {
            ["name"] = "ops",
            ["kind"] = "webhook",
            ["url"] = receiver.Url,
            ["allowPrivate"] = true,
            ["types"] = new JsonArray("grant.*"),
        });
        await _bench.KeyOfAsync("ana", "viewer");
        await _bench.SendAsync("PATCH", "grants/bot", new JsonObject { ["expires"] = "6d" }, "*");
        await _bench.SendAsync("POST", "servers/crm/pause");
        var id = (string?)(await AttentionAsync()).Single(
            static one => (string?)one!["kind"] == "grant.expiring")!["id"] ?? "";
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);

        var assigned = await cli.RunAsync("attention", "set", id, "--assignee", "ana", "--comment", "asked the vendor");
        var snoozed = await cli.RunAsync("attention", "set", id, "--snooze", "4h");
        var unknown = await cli.RunAsync("attention", "set", id, "--assignee", "nobody");
        var tooLong = await cli.RunAsync("attention", "set", id, "--snooze", "31d");
        var listed = await cli.RunAsync("attention", "list");

        Assert.Equal(
            (0, 0, 0), (assigned.ExitCode, snoozed.ExitCode, listed.ExitCode));
        Assert.Contains("There is no operator \"nobody\"", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("within 30 days", tooLong.Errors, StringComparison.Ordinal);
        Assert.Matches($@"{id}\s+info\s+The grant bot expires soon\s.*ana\s+20.*asked the vendor", listed.Output);
        // A snoozed condition is the last one, whatever its severity, and notifies nobody.
        var note = (await AttentionAsync())[^1]!["note"]!;
        Assert.Equal(
            ("ana", "asked the vendor", "admin"),
            ((string?)note["assignee"], (string?)note["comment"], (string?)note["by"]));
        Assert.NotNull(note["snoozedUntil"]);
        Watch.Check();
        Watch.Check();
        Assert.Empty(Events());

        // It gets worse.
        await _bench.SendAsync("PATCH", "grants/bot", new JsonObject { ["expires"] = "23h" }, "*");
        note = (await AttentionAsync()).Single(one => (string?)one!["id"] == id)!["note"]!;
        Assert.Equal(("ana", null), ((string?)note["assignee"], note["snoozedUntil"]));
        Watch.Check();
        Watch.Check();
        Assert.Equal("grant.expiring", (string?)(await receiver.NextAsync()).Json["type"]);

        var cleared = await cli.RunAsync(
            "attention", "set", id, "--assignee", "", "--comment", "", "--snooze", "");
        Assert.Equal(0, cleared.ExitCode);
        Assert.Null((await AttentionAsync()).Single(one => (string?)one!["id"] == id)!["note"]);
    }

    [Fact]
    public async Task Assignee_with_an_empty_name_is_not_valid()
    {
        await _bench.SendAsync("POST", "pause");
        var id = (string)Assert.Single(await AttentionAsync())!["id"]!;

        var reply = await _bench.SendAsync("PUT", $"attention/{id}", new JsonObject { ["assignee"] = "" });

        Assert.Equal((422, "There is no operator \"\"."), (reply.Status, (string?)reply.Json!["detail"]));
    }

    [Fact]
    public async Task Note_on_a_condition_that_does_not_exist_is_not_found()
    {
        var reply = await _bench.SendAsync("PUT", "attention/0123456789abcdef", new JsonObject { ["comment"] = "x" });

        Assert.Equal(404, reply.Status);
    }

    [Theory]
    [InlineData(99, "disk.filling", "99 of 1,000 MiB are free. When the disk is full, every call is denied.")]
    [InlineData(100, null, null)]
    public void Disk_with_less_than_a_tenth_free_is_listed(long freeMiB, string? kind, string? detail)
    {
        var view = Status() with
        {
            Audit = new AuditStateView(null, 0, 1, 0, freeMiB << 20)
            {
                VolumeBytes = 1000L << 20,
                KeptBytes = 0,
                BytesMax = 1,
                DroppedFiles = 0,
                Folded = 0,
            },
        };

        var found = AttentionView.Of(view).SingleOrDefault();

        Assert.Equal((kind, detail), (found?.Kind, found?.Detail));
    }

    [Fact]
    public void Frontend_that_is_missing_is_listed_since_its_last_figures()
    {
        var last = DateTimeOffset.UnixEpoch.AddHours(1);

        var found = Assert.Single(AttentionView.Of(Status() with { Refusals = new([], [], [("node-2", last)]) }));

        Assert.Equal(
            ("fleet.member_missing", "The gateway node-2 is missing", last), (found.Kind, found.Text, found.Since));
    }

    [Theory]
    [InlineData("", "a,0,9,present")]
    [InlineData("a", "a,0,3,missing")]
    [InlineData("", "a,0,3,missing", "a,4,9,present")]
    [InlineData("", "a,0,3,missing", "a,4,5,ended")]
    [InlineData("a", "a,0,3,missing", "b,4,9,present")]
    [InlineData("", "a (1),0,3,missing", "a (2),4,9,present")]
    [InlineData("a (1)", "a (1),0,3,missing", "a (2),1,9,present")]
    [InlineData("a (2)", "a (1),0,2,missing", "a (2),0,3,missing", "a (3),4,9,present")]
    [InlineData("a (2)", "a (1),0,2,missing", "a (2),3,5,missing")]
    public void Frontend_is_missing_until_it_is_started_again(string missing, params string[] runs)
    {
        var found = AttentionWatch.Missing(runs.Select(static run => run.Split(',')).Select(static run =>
            new UsageFrontend(run[0], "", run[3], At(run[1]), At(run[2]), null)));

        Assert.Equal(missing, string.Join(", ", found.Select(static one => one.Name)));

        static DateTimeOffset At(string minute) =>
            DateTimeOffset.UnixEpoch.AddMinutes(int.Parse(minute, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Lost_store_is_listed_while_calls_without_limits_go_on()
    {
        var found = Assert.Single(AttentionView.Of(Status() with { StoreProblem = "the store does not respond" }));

        Assert.Equal(("critical", "the store does not respond"), (found.Severity, found.Detail));
        Assert.Contains("with limits", found.Text, StringComparison.Ordinal);
    }

    private static StatusView Status() => new("1.0.0", true, null, 0, 0, 0, 1, [], null);

    private AttentionWatch Watch => _bench.Host.Services.GetRequiredService<AttentionWatch>();

    private IReadOnlyList<JsonElement> Events() =>
    [
        .. AuditTrail.Read(Path.Combine(_bench.Folder, "data", "audit"))
            .Where(static record => record.GetProperty("kind").GetString() == "event"),
    ];

    private async Task<JsonArray> AttentionAsync() =>
        (await _bench.SendAsync("GET", "status")).Json!["attention"]!.AsArray();
}
