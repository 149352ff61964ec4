using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Channels;

/// <summary>People are told that a call waits for them: signed, once it is taken, and as often as it takes.</summary>
public sealed class ChannelTests : IAsyncLifetime
{
    private MessageReceiver _receiver = null!;
    private ApprovalBench _bench = null!;

    public async Task InitializeAsync()
    {
        _receiver = await MessageReceiver.StartAsync();
        _bench = await ApprovalBench.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_is_notified_once_signed_and_without_arguments()
    {
        var secret = await AddAsync("ops");
        var id = await _bench.AskAsync("""{"amount":987654}""");

        var message = await _receiver.NextAsync();

        Assert.True(message.IsSignedWith(secret!));
        Assert.Equal((id, id), (message.Id, (string?)message.Json["data"]!["approvalId"]));
        Assert.Equal("refund", (string?)message.Json["data"]!["tool"]);
        Assert.DoesNotContain("987654", message.Body, StringComparison.Ordinal);
        await DeliveredAsync();
        await _bench.Gateway.DisposeHostAsync();
        Assert.Equal(0, _receiver.Count);
        Assert.Equal(["asked", "told"], _bench.Gateway.AuditRecords()
            .Where(static record => record.GetProperty("kind").GetString() == "approval")
            .Select(static record => record.GetProperty("became").GetString()));
    }

    [Fact]
    public async Task A_channel_that_was_given_leave_gets_the_arguments()
    {
        await AddAsync("ops", more: new JsonObject { ["includeArguments"] = true });
        await _bench.AskAsync("""{"amount":987654}""");

        Assert.Equal("""{"amount":987654}""", (string?)(await _receiver.NextAsync()).Json["data"]!["arguments"]);
    }

    [Fact]
    public async Task A_message_that_failed_is_sent_again_under_the_same_id_over_a_restart()
    {
        await AddAsync("ops");
        _receiver.Answer = static http => Answered(http, 500);
        await _bench.AskAsync();
        var first = await _receiver.NextAsync();

        await _bench.RestartAsync();
        _receiver.Answer = static _ => Task.CompletedTask;
        ReceivedMessage next;
        do
        {
            next = await _receiver.NextAsync();
            Assert.Equal(first.Id, next.Id);
        }
        while ((await ShowAsync("ops"))["pending"]!.GetValue<int>() > 0 && _receiver.Count > 0);

        await DeliveredAsync();
    }

    [Fact]
    public async Task What_is_gone_is_not_tried_again_until_somebody_says_so()
    {
        await AddAsync("ops");
        _receiver.Answer = static http => Answered(http, 410);
        await _bench.AskAsync();
        await _receiver.NextAsync();
        while ((int)(await ShowAsync("ops"))["dead"]! == 0)
            await Task.Yield();
        Assert.Equal("HTTP 410", (string?)(await ShowAsync("ops"))["problem"]);
        _receiver.Answer = static _ => Task.CompletedTask;

        var (_, resent) = await _bench.SendAsync("POST", "channels/ops/resend");

        Assert.Equal(1, (int)resent!["count"]!);
        await _receiver.NextAsync();
        await DeliveredAsync();
    }

    [Fact]
    public async Task Only_channels_with_matching_filters_are_notified()
    {
        await AddAsync("others", more: new JsonObject { ["tools"] = new JsonArray("pay*") });
        await AddAsync("refunds", more: new JsonObject { ["tools"] = new JsonArray("re*") });
        await _bench.AskAsync();

        Assert.Equal("/refunds", (await _receiver.NextAsync()).Path);
        await DeliveredAsync();
        Assert.Equal(0, _receiver.Count);
    }

    [Fact]
    public async Task Only_channels_that_accept_the_type_are_notified()
    {
        await AddAsync("budgets", more: new JsonObject { ["types"] = new JsonArray("budget.*") });
        await AddAsync("requests", more: new JsonObject { ["types"] = new JsonArray("approval.asked") });
        await _bench.AskAsync();

        Assert.Equal("/requests", (await _receiver.NextAsync()).Path);
        await DeliveredAsync();
        Assert.Equal(0, _receiver.Count);
    }

    [Fact]
    public async Task A_rotated_webhook_signs_with_both_secrets()
    {
        var old = await AddAsync("ops");

        var (_, rotated) = await _bench.SendAsync("POST", "channels/ops/rotate");

        await _bench.AskAsync();
        var message = await _receiver.NextAsync();
        Assert.True(message.IsSignedWith(old!) && message.IsSignedWith((string)rotated!["secret"]!));
    }

    [Fact]
    public async Task Nothing_goes_to_a_private_address_without_leave_and_no_redirect_is_followed()
    {
        var port = new Uri(_receiver.Url).Port;
        var (status, _) = await _bench.SendAsync("POST", "channels", Input("inside", $"https://localhost:{port}/"));
        Assert.Equal(201, status);
        await AddAsync("moved");
        _receiver.Answer = http =>
        {
            http.Response.Redirect($"{_receiver.Url}/elsewhere");
            return Task.CompletedTask;
        };

        var (_, inside) = await _bench.SendAsync("POST", "channels/inside/test");
        var (_, moved) = await _bench.SendAsync("POST", "channels/moved/test");

        Assert.Contains("not a public address", (string?)inside!["problem"], StringComparison.Ordinal);
        Assert.Contains("redirects are not followed", (string?)moved!["problem"], StringComparison.Ordinal);
        Assert.Equal("/moved", (await _receiver.NextAsync()).Path);
        Assert.Equal(0, _receiver.Count);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        await AddAsync("ops");
        _receiver.Answer = static async http =>
        {
            var block = new byte[65_536];
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
        };

        var (_, test) = await _bench.SendAsync("POST", "channels/ops/test");

        Assert.True((bool)test!["delivered"]!);
    }

    [Fact]
    public async Task A_receiver_that_never_responds_delays_no_other_channel_and_is_notified_after_a_restart()
    {
        await AddAsync("ops");
        await AddAsync("slow");
        _receiver.Answer = static http => http.Request.Path == "/slow" ? GoneAsync(http) : Task.CompletedTask;
        await _bench.AskAsync("""{"amount":1}""");
        var first = new[] { await _receiver.NextAsync(), await _receiver.NextAsync() };
        Assert.Equal(["/ops", "/slow"], first.Select(static one => one.Path).Order());

        await _bench.AskAsync("""{"amount":2}""");
        Assert.Equal("/ops", (await _receiver.NextAsync()).Path);

        _receiver.Answer = static _ => Task.CompletedTask;
        await _bench.RestartAsync();
        var slow = new[] { await _receiver.NextAsync(), await _receiver.NextAsync() };
        Assert.All(slow, static one => Assert.Equal("/slow", one.Path));
        Assert.Contains(first.Single(static one => one.Path == "/slow").Id, slow.Select(static one => one.Id));
        await Soon.UntilAsync(async () => (int)(await ShowAsync("slow"))["pending"]! == 0, "all is sent");
        Assert.Equal(0, _receiver.Count);
    }

    [Fact]
    public async Task What_waits_behind_a_receiver_that_hangs_is_counted()
    {
        await AddAsync("slow");
        _receiver.Answer = static http => GoneAsync(http);
        for (var amount = 0; amount < 6; amount++)
            await _bench.AskAsync($$"""{"amount":{{amount}}}""");

        await Soon.UntilAsync(async () => (int)(await ShowAsync("slow"))["pending"]! == 6, "all are counted");
        await _bench.DenyAsync((await _bench.OpenAsync(6))[0], "No.");
        _receiver.Answer = static _ => Task.CompletedTask;
        await _bench.RestartAsync();

        await Soon.UntilAsync(async () => (int)(await ShowAsync("slow"))["pending"]! == 0, "all are sent");
    }

    [Theory]
    [InlineData("ftp://example.com/", "https address")]
    [InlineData("http://example.com/", "allowPrivate")]
    [InlineData("https://user:pw@example.com/", "without a user")]
    [InlineData("nonsense", "https address")]
    public async Task A_wrong_address_is_refused(string url, string said)
    {
        var (status, problem) = await _bench.SendAsync("POST", "channels", Input("ops", url));

        Assert.Equal(422, status);
        Assert.Contains(said, (string?)problem!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_and_the_secret_are_neither_shown_nor_recorded_nor_stored_as_they_are()
    {
        var secret = await AddAsync("ops", more: new JsonObject { ["url"] = _receiver.Url + "/T0ken" });

        var (_, shown) = await _bench.SendAsync("GET", "channels");

        await _bench.Gateway.DisposeHostAsync();
        var kept = Directory.GetFiles(_bench.Gateway.Folder, "*", SearchOption.AllDirectories)
            .Where(static file => !file.EndsWith("gateway.json", StringComparison.Ordinal))
            .Select(File.ReadAllText).Append(shown!.ToJsonString());
        Assert.All(kept, text => Assert.DoesNotContain("T0ken", text, StringComparison.Ordinal));
        Assert.All(kept, text => Assert.DoesNotContain(secret!, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_added_tested_listed_and_removed_from_a_shell()
    {
        var cli = new Cli(_bench.Gateway.Folder, _bench.Gateway.Address, ApprovalBench.AdminKey);

        var added = await cli.RunAsync(
            "channel", "add", "ops", "--kind", "slack", "--url", _receiver.Url, "--allow-private", "--tool", "re*");
        var tested = await cli.RunAsync("channel", "test", "ops");
        var listed = await cli.RunAsync("channel", "list");
        var removed = await cli.RunAsync("channel", "remove", "ops");
        var hook = await cli.RunAsync("channel", "add", "hook", "--kind", "webhook", "--url", "https://example.com/");

        Assert.Equal((0, 0, 0, 0), (added.ExitCode, tested.ExitCode, listed.ExitCode, removed.ExitCode));
        Assert.Matches(@"\Ahook was added\..* shown only once: whsec_[A-Za-z0-9+/]{43}=\s*\z", hook.Output);
        Assert.Contains("accepted the message", tested.Output, StringComparison.Ordinal);
        Assert.Contains("tool re*", listed.Output, StringComparison.Ordinal);
        Assert.Contains("test of the channel ops", (await _receiver.NextAsync()).Body, StringComparison.Ordinal);
        Assert.Equal(1, (await cli.RunAsync("channel", "test", "ops")).ExitCode);
    }

    [Fact]
    public async Task Set_changes_the_named_members_and_keeps_address_and_secret()
    {
        var secret = await AddAsync("ops", more: new JsonObject { ["tools"] = new JsonArray("pay*") });
        var cli = new Cli(_bench.Gateway.Folder, _bench.Gateway.Address, ApprovalBench.AdminKey);

        var set = await cli.RunAsync(
            "channel", "set", "ops", "--tool", "re*", "--tool", "x", "--risk", "High", "--include-arguments");
        var shown = await cli.RunAsync("channel", "show", "ops");
        var cleared = await cli.RunAsync("channel", "set", "ops", "--risk", "", "--tool", "");

        var misspelled = await cli.RunAsync("channel", "set", "ops", "--server", "srv", "--grant", "nobody");
        await cli.RunAsync("channel", "set", "ops", "--server", "", "--grant", "");

        Assert.Equal((0, 0, 0), (set.ExitCode, shown.ExitCode, cleared.ExitCode));
        Assert.Equal("", set.Errors);
        Assert.Equal(0, misspelled.ExitCode);
        Assert.StartsWith("warning: There is no grant \"nobody\"", misspelled.Errors, StringComparison.Ordinal);
        Assert.Matches(@"only\s+tool re\*,x risk High", shown.Output);
        Assert.Matches(@"arguments\s+included", shown.Output);
        await _bench.AskAsync("""{"amount":987654}""");
        var message = await _receiver.NextAsync();
        Assert.Equal(("/ops", true), (message.Path, message.IsSignedWith(secret!)));
        Assert.Contains("987654", message.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"url":"http://example.com/","allowPrivate":false}""", 422, "https address")]
    [InlineData("""{"allowPrivate":false}""", 422, "https address")]
    [InlineData("""{"risks":["Huge"]}""", 422, "\"risks\" allows")]
    [InlineData("""{"linkBase":"ftp://x"}""", 422, "address of links")]
    [InlineData("""{"kind":"slack"}""", 400, "/kind is not a member")]
    public async Task A_patch_that_is_wrong_changes_nothing(string patch, int status, string said)
    {
        await AddAsync("ops", more: new JsonObject { ["tools"] = new JsonArray("pay*") });
        var before = (await ShowAsync("ops")).ToJsonString();

        var (code, problem) = await _bench.SendAsync("PATCH", "channels/ops", JsonNode.Parse(patch));

        Assert.Equal(status, code);
        Assert.Contains(said, (string?)problem!["detail"], StringComparison.Ordinal);
        Assert.Equal(before, (await ShowAsync("ops")).ToJsonString());
    }

    [Fact]
    public async Task A_policy_that_escalates_to_no_channel_is_taken_and_the_mistake_is_said()
    {
        await AddAsync("nights");
        var cli = new Cli(_bench.Gateway.Folder, _bench.Gateway.Address, ApprovalBench.AdminKey);
        var (wrong, right) = ("wrong.json", "right.json");
        foreach (var (file, channel) in new[] { (wrong, "nigths"), (right, "nights") })
        {
            await File.WriteAllTextAsync(Path.Combine(_bench.Gateway.Folder, file), $$"""
                { "version": "1", "default": "deny", "tools": { "pay": {
                  "action": "approve", "approval": { "escalate": { "after": "5m", "to": "{{channel}}" } } } } }
                """);
        }

        var set = await cli.RunAsync("policy", "set", "other", wrong);
        var again = await cli.RunAsync("policy", "set", "other", right);
        var (_, review) = await _bench.SendAsync(
            "POST", "policies/other/review",
            JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_bench.Gateway.Folder, wrong)))!.AsObject());

        Assert.Equal((0, 0), (set.ExitCode, again.ExitCode));
        Assert.Contains("there is no channel \"nigths\"", set.Output + set.Errors);
        Assert.Contains("did you mean \"nights\"?", set.Output + set.Errors);
        Assert.DoesNotContain("no channel", again.Output + again.Errors);
        Assert.Contains("unknown-channel", review!.ToJsonString());
        Assert.Contains("/tools/pay/approval/escalate/to", review.ToJsonString());
    }

    /// <summary>Ends when whoever asks has given up.</summary>
    private static async Task GoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource();
        await using var registered = http.RequestAborted.UnsafeRegister(_ => gone.SetResult(), null);
        await gone.Task;
    }

    private static Task Answered(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private async Task<string?> AddAsync(string name, JsonObject? more = null)
    {
        var input = Input(name, $"{_receiver.Url}/{name}");
        input["allowPrivate"] = true;
        foreach (var (member, value) in more ?? [])
            input[member] = value?.DeepClone();
        var (status, added) = await _bench.SendAsync("POST", "channels", input);
        Assert.Equal(201, status);
        return (string?)added!["secret"];
    }

    private static JsonObject Input(string name, string url) =>
        new() { ["name"] = name, ["kind"] = "webhook", ["url"] = url };

    private async Task<JsonNode> ShowAsync(string name)
    {
        var (_, page) = await _bench.SendAsync("GET", "channels");
        return page!["items"]!.AsArray().Single(channel => (string?)channel!["name"] == name)!;
    }

    /// <summary>Waits until every channel has what it is to have.</summary>
    private async Task DeliveredAsync()
    {
        while (true)
        {
            var (_, page) = await _bench.SendAsync("GET", "channels");
            if (page!["items"]!.AsArray().All(static channel => (int)channel!["pending"]! == 0))
                return;
            await Task.Yield();
        }
    }
}
