namespace Gateway.Server.Tests.Callers;

/// <summary>Single callers that an operator pauses, revokes or lets expire, at every grant.</summary>
public sealed class SubjectPauseTests : IAsyncLifetime
{
    private CallerBench _bench = null!;
    private string _ana = null!;
    private string _ben = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await CallerBench.StartAsync();
        _ana = await _bench.TokenAsync("ana", "finance");
        _ben = await _bench.TokenAsync("ben", "finance");
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeTheory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task A_paused_caller_is_refused_at_every_grant_and_others_are_not(string path)
    {
        Assert.Equal(200, await _bench.StatusAsync(_ana, path));

        var view = await SendAsync("pause", """{ "issuer": "corp", "subject": "ana", "reason": "a test" }""");

        var paused = view["subjects"]!.AsArray().Single()!;
        Assert.Equal(
            ("corp", "ana", "paused", "a test"),
            ((string?)paused["issuer"], (string?)paused["subject"], (string?)paused["status"],
                (string?)paused["reason"]));
        Assert.Contains("This caller is paused", await RefusalAsync(_ana, path), StringComparison.Ordinal);
        // Other claims select another grant of the same person.
        Assert.Contains(
            "This caller is paused", await RefusalAsync(await _bench.TokenAsync("ana", "agents"), path),
            StringComparison.Ordinal);
        Assert.Equal(
            [("ana", "This caller is paused: a test"), ("ana", "This caller is paused: a test")],
            _bench.Records().Where(static one =>
                one.TryGetProperty("rule", out var rule) && rule.ValueEquals("(paused)"))
                .Select(static one => (one.GetProperty("caller").GetString(), one.GetProperty("reason").GetString())));
        Assert.Equal(200, await _bench.StatusAsync(_ben, path));
        Assert.Equal(200, await _bench.StatusAsync(TestTokens.Agent));
        Assert.Contains("1 caller is paused or revoked", await AdminAsync("status"), StringComparison.Ordinal);

        // By its URL, too.
        var resumed = await SendAsync(
            "resume", $$"""{ "issuer": "{{_bench.Issuer}}", "subject": "ana" }""");
        Assert.Null(resumed["subjects"]);
        Assert.Equal(200, await _bench.StatusAsync(_ana, path));
        Assert.Equal(
            ["pause", "resume"],
            _bench.Records().Where(static one => one.GetProperty("kind").GetString() == "change")
                .Select(static one => one.GetProperty("action").GetString()));
    }

    [NodeFact]
    public async Task The_history_names_the_subject_of_each_change()
    {
        await SendAsync("pause", """{ "issuer": "corp", "subject": "ana" }""");
        await SendAsync("resume", """{ "issuer": "corp", "subject": "ana" }""");

        var changes = JsonNode.Parse(await AdminAsync("history"))!["items"]!.AsArray()
            .Where(static one => ((string)one!["object"]!).StartsWith("pauses/", StringComparison.Ordinal));
        Assert.Equal(
            [("resume", "ana of corp"), ("pause", "ana of corp")],
            changes.Select(static one => ((string)one!["action"]!, (string?)one["about"])));
    }

    [NodeFact]
    public async Task An_open_stream_closes_when_its_caller_is_revoked()
    {
        _bench.Crm.Answer = static async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": open\n\n");
            await http.Response.Body.FlushAsync();
            await RecordingServer.UntilGoneAsync(http);
        };
        using var stream = await _bench.SendAsync(_ana, method: HttpMethod.Get);
        using var other = await _bench.SendAsync(_ben, method: HttpMethod.Get);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (stream.StatusCode, other.StatusCode));
        var (read, otherRead) = (stream.Content.ReadAsStringAsync(), other.Content.ReadAsStringAsync());

        await SendAsync("revoke", """{ "issuer": "corp", "subject": "ana" }""");

        await ((Task)read).WaitAsync(Soon.AtMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(read.IsCompleted);
        Assert.False(otherRead.IsCompleted);
        Assert.Contains("was revoked", await RefusalAsync(_ana), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_caller_that_expires_is_refused_from_then_on()
    {
        var view = await SendAsync("expire", """{ "issuer": "corp", "subject": "ana", "expires": "3s" }""");

        Assert.Equal("expires", (string?)view["subjects"]![0]!["status"]);
        Assert.Equal(200, await _bench.StatusAsync(_ana));
        await Soon.UntilAsync(async () => await _bench.StatusAsync(_ana) == 403, "the caller has expired");
        Assert.Contains("expired", await RefusalAsync(_ana), StringComparison.Ordinal);
        // The end is stored, so that it holds whatever the clock shows later.
        await Soon.UntilAsync(
            () => Task.FromResult(_bench.Records().Any(static one =>
                one.GetProperty("kind").GetString() == "change"
                && one.GetProperty("action").GetString() == "revoke")),
            "the expiry is recorded");
        Assert.Contains("has expired", await RefusalAsync(_ana), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_pause_ends_at_its_end()
    {
        await SendAsync("pause", """{ "issuer": "corp", "subject": "ana", "until": "2s" }""");
        Assert.Contains("It resumes at 20", await RefusalAsync(_ana), StringComparison.Ordinal);

        await Soon.UntilAsync(async () => await _bench.StatusAsync(_ana) == 200, "the pause has ended");
    }

    [NodeTheory]
    [InlineData("pause", """{ "issuer": "other", "subject": "ana" }""", 404)]
    [InlineData("pause", """{ "issuer": "corp", "subject": "" }""", 422)]
    [InlineData("pause", """{ "issuer": "corp", "subject": "ana", "expires": "1d" }""", 422)]
    [InlineData("revoke", """{ "issuer": "corp", "subject": "ana", "until": "1d" }""", 422)]
    [InlineData("expire", """{ "issuer": "corp", "subject": "ana" }""", 422)]
    [InlineData("expire", """{ "issuer": "corp", "subject": "ana", "expires": "2020-01-01" }""", 422)]
    public async Task Requests_that_stop_nobody_are_rejected(string verb, string body, int status)
    {
        Assert.Equal(status, await _bench.StatusAsync(CallerBench.AdminKey, $"/api/v1/subjects/{verb}", body));
        Assert.Equal(200, await _bench.StatusAsync(_ana));
    }

    [NodeFact]
    public async Task The_command_line_stops_a_caller_and_lists_it()
    {
        using var folder = new TestFolder();
        var shell = new Cli(folder.Path, _bench.Address, CallerBench.AdminKey);

        // A misspelled subject would look as if it was stopped.
        Assert.Contains(
            "has no call of this subject", await WellAsync(shell, "subject", "pause", "corp", "anna"),
            StringComparison.Ordinal);
        Assert.Contains(
            "anna of corp is active again", await WellAsync(shell, "subject", "resume", "corp", "anna"),
            StringComparison.Ordinal);
        Assert.Contains(
            "Nothing was changed: anna of corp was", await WellAsync(shell, "subject", "resume", "corp", "anna"),
            StringComparison.Ordinal);
        Assert.Equal(200, await _bench.StatusAsync(_ana));
        Assert.Equal(
            "ana of corp is revoked.\n", await WellAsync(shell, "subject", "revoke", "corp", "ana"),
            ignoreLineEndingDifferences: true);

        Assert.Equal(403, await _bench.StatusAsync(_ana));
        Assert.Contains("revoked", await WellAsync(shell, "subject", "list"), StringComparison.Ordinal);
        Assert.Contains("ana of corp (revoked)", await WellAsync(shell, "status"), StringComparison.Ordinal);
        await WellAsync(shell, "subject", "expire", "corp", "ana", "--at", "30d");
        Assert.Equal(200, await _bench.StatusAsync(_ana));
        await WellAsync(shell, "subject", "pause", "corp", "ana", "--until", "1d", "--reason", "a test");
        Assert.Equal(403, await _bench.StatusAsync(_ana));
        await WellAsync(shell, "subject", "resume", "corp", "ana");
        Assert.Equal(200, await _bench.StatusAsync(_ana));
    }

    private static async Task<string> WellAsync(Cli shell, params string[] arguments)
    {
        var result = await shell.RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Errors + result.Output);
        return result.Output;
    }

    private async Task<JsonNode> SendAsync(string verb, string body)
    {
        using var response = await _bench.SendAsync(CallerBench.AdminKey, $"/api/v1/subjects/{verb}", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<string> AdminAsync(string path)
    {
        using var response = await _bench.SendAsync(
            CallerBench.AdminKey, $"/api/v1/{path}", method: HttpMethod.Get);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> RefusalAsync(string token, string path = "/mcp/crm")
    {
        using var response = await _bench.SendAsync(token, path);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
