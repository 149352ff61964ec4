using System.Security.Cryptography;
using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Channels;

/// <summary>A Slack app's messages have buttons, and say at last what became of the request.</summary>
public sealed class SlackAppTests : IAsyncLifetime
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string Ada = "T1/UADA";
    private MessageReceiver _slack = null!;
    private ApprovalBench _bench = null!;

    public async Task InitializeAsync()
    {
        _slack = await MessageReceiver.StartAsync();
        _slack.Answer = static http => http.Response.WriteAsJsonAsync(
            new { ok = true, ts = "1503435956.000247", channel = "C1" });
        _bench = await ApprovalBench.StartAsync(approvals: 1);
        await _bench.OperatorKeyAsync("ada", "approver");
        await _bench.OperatorKeyAsync("vera", "viewer");
        await AddAsync();
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_posted_with_the_apps_token_and_its_buttons()
    {
        var id = await _bench.AskAsync("""{"amount":987654}""");

        var message = await _slack.NextAsync();

        Assert.Equal("/api/chat.postMessage", message.Path);
        Assert.Equal("Bearer xoxb-1", message.Headers["Authorization"]);
        Assert.Equal("C1", (string?)message.Json["channel"]);
        var elements = message.Json["blocks"]!.AsArray()[^1]!["elements"]!.AsArray();
        Assert.Equal(
            [("approve", id), ("deny", id), ("see", null)],
            elements.Select(static one => ((string)one!["action_id"]!, (string?)one["value"])));
        Assert.Contains("987654", message.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_of_whom_the_channel_knows_answers_and_the_message_says_so()
    {
        var id = await AskedAsync();

        Assert.Equal(200, await PressAsync("approve", id));

        var changed = await _slack.NextAsync();
        Assert.Equal("/api/chat.update", changed.Path);
        Assert.Equal("1503435956.000247", (string?)changed.Json["ts"]);
        Assert.Contains("Approved by ada at Slack", changed.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"button\"", changed.Body, StringComparison.Ordinal);
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        await _bench.Gateway.DisposeHostAsync();
        Assert.Contains(_bench.Gateway.AuditRecords(), static record =>
            record.TryGetProperty("by", out var by) && by.GetString() == "ada at Slack"
            && record.GetProperty("credential").GetString() == "slack"
            && record.GetProperty("credentialId").GetString() == Ada
            && record.GetProperty("origin").GetString() == "channel apps");
    }

    [Fact]
    public async Task What_was_answered_elsewhere_is_said_in_the_message_too_over_a_restart_and_a_failure()
    {
        var id = await AskedAsync();
        _slack.Answer = static http => http.Response.WriteAsJsonAsync(new { ok = false, error = "ratelimited" });
        await _bench.DenyAsync(id, "Too <b>much</b>.");
        Assert.Equal("/api/chat.update", (await _slack.NextAsync()).Path);
        await _bench.RestartAsync();
        _slack.Answer = static http => http.Response.WriteAsJsonAsync(new { ok = true });

        ReceivedMessage changed;
        do
            changed = await _slack.NextAsync();
        while (_slack.Count > 0);

        Assert.Contains("Denied by admin: Too &lt;b&gt;much&lt;/b&gt;.", Text(changed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("T1/UEVE", "not an operator")]
    [InlineData("T2/UADA", "not an operator")]
    [InlineData("T1/UVERA", "may not decide")]
    [InlineData("T1/UGONE", "not an operator")]
    public async Task A_button_pressed_by_another_user_has_no_effect_and_says_so(string person, string said)
    {
        var id = await AskedAsync();

        Assert.Equal(200, await PressAsync("approve", id, person));

        var reply = await _slack.NextAsync();
        Assert.Equal("/actions/T1/1", reply.Path);
        Assert.Equal("ephemeral", (string?)reply.Json["response_type"]);
        Assert.Contains(said, (string?)reply.Json["text"], StringComparison.Ordinal);
        Assert.Single(await _bench.OpenAsync(1));
    }

    [Fact]
    public async Task A_delegates_button_decides_for_the_absent_operator_and_only_then()
    {
        var id = await AskedAsync();
        await _bench.SendAsync(
            "PUT", "operators/ada/absence", new JsonObject { ["until"] = "1h", ["delegate"] = "vera" });

        Assert.Equal(200, await PressAsync("approve", id, "T1/UVERA"));

        Assert.Contains(
            "Approved by vera at Slack for ada", (await _slack.NextAsync()).Body, StringComparison.Ordinal);
        var (_, view) = await _bench.SendAsync("GET", $"approvals/{id}");
        Assert.Equal("ada", (string?)view!["answeredAs"]!["onBehalfOf"]);
        await _bench.SendAsync("DELETE", "operators/ada/absence");
        var next = await _bench.AskAsync("""{"amount":9}""");
        await _slack.NextAsync();
        await PressAsync("approve", next, "T1/UVERA");
        Assert.Contains("may not decide", (await _slack.NextAsync()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_operators_button_does_nothing()
    {
        var id = await AskedAsync();
        var (status, _) = await _bench.SendAsync("POST", "operators/ada/disable");
        Assert.True(status is 200 or 204, $"{status}");

        await PressAsync("approve", id);

        Assert.Contains(
            "not an operator", (string?)(await _slack.NextAsync()).Json["text"], StringComparison.Ordinal);
        Assert.Single(await _bench.OpenAsync(1));
    }

    [Fact]
    public async Task A_second_press_gets_the_notice_that_the_request_is_decided()
    {
        var id = await AskedAsync();
        await PressAsync("deny", id);
        await _slack.NextAsync();

        await PressAsync("approve", id);

        Assert.Contains(
            "is already decided", (string?)(await _slack.NextAsync()).Json["text"], StringComparison.Ordinal);
        Assert.Contains("denied this call", ApprovalBench.Text(await _bench.CallAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("secret")]
    [InlineData("body")]
    [InlineData("old")]
    [InlineData("ahead")]
    [InlineData("none")]
    public async Task A_forged_or_old_request_changes_nothing(string wrong)
    {
        var id = await AskedAsync();

        var status = await PressAsync("approve", id, Ada, (request, body) =>
        {
            var shift = wrong switch { "old" => -301, "ahead" => 301, _ => 0 };
            Sign(request, wrong == "body" ? body + " " : body, wrong == "secret" ? "another" : Secret, shift);
            if (wrong == "signature")
                Replace(request, "X-Slack-Signature", "v0=" + new string('0', 64));
            if (wrong == "none")
                request.Headers.Remove("X-Slack-Signature");
        });

        Assert.Equal(401, status);
        Assert.Single(await _bench.OpenAsync(1));
        Assert.Equal(0, _slack.Count);
    }

    [Theory]
    [InlineData("payload=", 400)]
    [InlineData("payload=%7B%7D", 400)]
    [InlineData("payload=%5B1%5D", 400)]
    [InlineData("x=1", 400)]
    [InlineData("payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A1%2C%22actions%22%3A%5B1%5D%7D", 400)]
    public async Task What_is_signed_and_cannot_be_read_is_refused(string body, int status) =>
        Assert.Equal(status, await PostAsync("apps", body, static (request, text) => Sign(request, text, Secret)));

    [Fact]
    public async Task A_body_without_end_and_a_channel_that_is_none_are_refused()
    {
        Assert.Equal(413, await PostAsync(
            "apps", new string('x', 70_000), static (request, text) => Sign(request, text, Secret)));
        Assert.Equal(404, await PostAsync("none", "payload=1", static (request, text) => Sign(request, text, Secret)));
    }

    [Fact]
    public async Task A_reply_goes_to_no_host_but_Slacks()
    {
        var id = await AskedAsync();

        await PressAsync("approve", id, "T1/UEVE", replyTo: $"http://localhost:{new Uri(_slack.Url).Port}/actions");
        await PressAsync("approve", id, "T1/UEVE");

        Assert.Equal("/actions/T1/1", (await _slack.NextAsync()).Path);
        Assert.Equal(0, _slack.Count);
    }

    [Fact]
    public async Task What_the_message_does_not_show_is_not_approved_by_a_button()
    {
        await AddAsync("thin", includeArguments: false);
        var id = await _bench.AskAsync();
        ReceivedMessage[] messages = [await _slack.NextAsync(), await _slack.NextAsync()];
        var thin = Assert.Single(messages, static one => !one.Body.Contains("\"approve\"", StringComparison.Ordinal));
        Assert.Contains("\"deny\"", thin.Body, StringComparison.Ordinal);

        await PressAsync("approve", id, channel: "thin");

        Assert.Contains(
            "does not show all", (string?)(await _slack.NextAsync()).Json["text"], StringComparison.Ordinal);
        Assert.Single(await _bench.OpenAsync(1));
    }

    [Fact]
    public async Task What_Slack_says_of_its_failure_is_the_problem()
    {
        _slack.Answer = static http => http.Response.WriteAsJsonAsync(new { ok = false, error = "channel_not_found" });

        var (_, test) = await _bench.SendAsync("POST", "channels/apps/test");

        Assert.Equal("Slack responded: channel_not_found", (string?)test!["problem"]);
    }

    [Theory]
    [InlineData("token", "")]
    [InlineData("signingSecret", "two words")]
    [InlineData("conversation", "#general")]
    public async Task A_wrong_app_is_refused(string member, string value)
    {
        var input = Input("other", includeArguments: true);
        input["slack"]![member] = value;

        var (status, _) = await _bench.SendAsync("POST", "channels", input);

        Assert.Equal(422, status);
    }

    [Fact]
    public async Task Its_secrets_are_neither_shown_nor_stored_as_they_are_and_a_shell_adds_one()
    {
        var cli = new Cli(_bench.Gateway.Folder, _bench.Gateway.Address, ApprovalBench.AdminKey);
        var added = await cli.RunAsync(
            "channel", "add", "shell", "--kind", "slack-app", "--url", _slack.Url, "--allow-private", "--slack-token",
            "xoxb-shell", "--slack-signing-secret", Secret, "--slack-channel", "C2", "--slack-user", "T1/UADA=ada");
        var wrong = await cli.RunAsync(
            "channel", "add", "shell", "--kind", "slack-app", "--url", _slack.Url, "--slack-user", "ada");

        var (_, shown) = await _bench.SendAsync("GET", "channels");

        Assert.Equal((0, 2), (added.ExitCode, wrong.ExitCode));
        Assert.Contains("/channels/shell/slack", added.Output, StringComparison.Ordinal);
        await _bench.Gateway.DisposeHostAsync();
        var kept = Directory.GetFiles(_bench.Gateway.Folder, "*", SearchOption.AllDirectories)
            .Select(File.ReadAllText).Append(shown!.ToJsonString());
        Assert.All(kept, text => Assert.DoesNotContain("xoxb-", text, StringComparison.Ordinal));
        Assert.All(kept, text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
    }

    private async Task<string> AskedAsync()
    {
        var id = await _bench.AskAsync();
        await _slack.NextAsync();
        await Soon.UntilAsync(
            async () => (int)(await _bench.SendAsync("GET", "channels")).Json!["items"]![0]!["pending"]! == 0, "told");
        return id;
    }

    private async Task AddAsync(string name = "apps", bool includeArguments = true)
    {
        var (status, _) = await _bench.SendAsync("POST", "channels", Input(name, includeArguments));
        Assert.Equal(201, status);
    }

    private JsonObject Input(string name, bool includeArguments) => new()
    {
        ["name"] = name,
        ["kind"] = "slack-app",
        ["url"] = _slack.Url + "/api",
        ["allowPrivate"] = true,
        ["includeArguments"] = includeArguments,
        ["linkBase"] = "http://127.0.0.1:7000",
        ["slack"] = new JsonObject
        {
            ["token"] = "xoxb-1",
            ["signingSecret"] = Secret,
            ["conversation"] = "C1",
            ["people"] = new JsonObject { [Ada] = "ada", ["T1/UVERA"] = "vera", ["T1/UGONE"] = "gone" },
        },
    };

    private Task<int> PressAsync(
        string action, string approval, string person = Ada, Action<HttpRequestMessage, string>? sign = null,
        string? replyTo = null, string channel = "apps")
    {
        var payload = new JsonObject
        {
            ["type"] = "block_actions",
            ["user"] = new JsonObject { ["id"] = person.Split('/')[1], ["team_id"] = person.Split('/')[0] },
            ["actions"] = new JsonArray(new JsonObject { ["action_id"] = action, ["value"] = approval }),
            ["response_url"] = replyTo ?? _slack.Url + "/actions/T1/1",
        };
        return PostAsync(
            channel, "payload=" + WebUtility.UrlEncode(payload.ToJsonString()),
            sign ?? (static (request, text) => Sign(request, text, Secret)));
    }

    private async Task<int> PostAsync(string channel, string body, Action<HttpRequestMessage, string> sign)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(_bench.Gateway.Address, $"/channels/{channel}/slack"))
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        sign(request, body);
        using var response = await _bench.Gateway.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    // Slack's documentation, read again: v0=HMAC(secret, "v0:" + timestamp + ":" + body).
    private static void Sign(HttpRequestMessage request, string body, string secret, int shiftSeconds = 0)
    {
        var timestamp = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + shiftSeconds)
            .ToString(CultureInfo.InvariantCulture);
        var digest = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"v0:{timestamp}:{body}"));
        request.Headers.Add("X-Slack-Request-Timestamp", timestamp);
        request.Headers.Add("X-Slack-Signature", "v0=" + Convert.ToHexStringLower(digest));
    }

    private static void Replace(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.Add(name, value);
    }

    private static string Text(ReceivedMessage message) =>
        (string)message.Json["blocks"]![0]!["text"]!["text"]!;
}
