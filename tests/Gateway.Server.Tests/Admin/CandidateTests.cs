namespace Gateway.Server.Tests.Admin;

/// <summary>An edit that is evaluated beside the policy in force, decides for some grants, then for all.</summary>
public sealed class CandidateTests : IAsyncLifetime
{
    private const string Path = "policies/limited/candidate";

    private const string Tighter = """
        {
          "version": "1", "default": "deny",
          "tools": { "list_customers": { "limits": [ { "counter": "lists", "window": "month", "max": 1 } ] } }
        }
        """;

    private AdminBench _bench = null!;
    private string _token = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        _token = await _bench.ProvideAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Evaluates_each_call_beside_the_policy_and_decides_none()
    {
        var set = await PutAsync(Tighter);
        Assert.Equal((200, 0), (set.Status, set.Json!["grants"]!.AsArray().Count));

        Assert.Equal("...x", await CallAsync(_token, 4));

        var decisions = Decisions();
        Assert.Equal(
            ["allowed", "allowed", "allowed", "rate_limited"],
            decisions.Select(static one => one.GetProperty("outcome").GetString()));
        Assert.Equal(
            ["allowed", "rate_limited", "rate_limited", "rate_limited"],
            decisions.Select(static one => one.GetProperty("candidate").GetProperty("outcome").GetString()));
        Assert.All(decisions, one => Assert.Equal(
            (string?)set.Json["sha256"], one.GetProperty("candidate").GetProperty("sha256").GetString()));
        var report = (await EvaluationAsync())["result"]!;
        Assert.Equal(
            [4, 2, 2, 0], new[] { "judged", "same", "changed", "unknown" }.Select(name => (int)report[name]!));
        var change = report["changes"]![0]!;
        Assert.Equal(
            ("allowed", "rate_limited", "/tools/list_customers/limits/0"),
            ((string?)change["before"]!["outcome"], (string?)change["after"]!["outcome"],
                (string?)change["after"]!["rule"]));
    }

    [Fact]
    public async Task A_call_that_the_candidate_would_let_through_is_refused_all_the_same()
    {
        await PutAsync("""{ "version": "1", "default": "allow" }""");
        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse("""{ "version": "1", "default": "deny" }"""),
            ifMatch: "*");

        Assert.Equal("x", await CallAsync(_token, 1));

        var change = Assert.Single((await EvaluationAsync())["result"]!["changes"]!.AsArray())!;
        Assert.Equal(
            ("denied", "allowed"), ((string?)change["before"]!["outcome"], (string?)change["after"]!["outcome"]));
    }

    [Fact]
    public async Task Calls_from_before_it_became_the_candidate_are_none_of_its()
    {
        await CallAsync(_token, 1);
        await PutAsync(Tighter);
        await CallAsync(_token, 1);

        Assert.Equal(1, (int)(await EvaluationAsync())["result"]!["judged"]!);
    }

    [Fact]
    public async Task Decides_for_the_grants_that_are_named_on_the_counters_that_they_have()
    {
        var other = (string)(await _bench.SendAsync("POST", "grants", AdminBench.GrantBody("other"))).Json!["token"]!;
        Assert.Equal(".", await CallAsync(_token, 1));
        Assert.Equal(".", await CallAsync(other, 1));
        var candidate = await PutAsync(Tighter);

        var some = await _bench.SendAsync(
            "PUT", Path, new JsonObject { ["grants"] = new JsonArray("bot") }, candidate.ETag);

        Assert.Equal(200, some.Status);
        Assert.Equal("bot", (string?)Assert.Single(some.Json!["grants"]!.AsArray()));
        Assert.Equal("x", await CallAsync(_token, 1));
        Assert.Equal(".", await CallAsync(other, 1));
        var (bots, others) = (Decisions().Last(one => Of(one, "bot")), Decisions().Last(one => Of(one, "other")));
        Assert.Equal((string?)some.Json["sha256"], bots.GetProperty("policySha256").GetString());
        Assert.False(bots.TryGetProperty("candidate", out _));
        Assert.True(others.TryGetProperty("candidate", out _));
        var set = await _bench.SendAsync(
            "PUT", "policies/limited", JsonNode.Parse(AdminBench.Limited), ifMatch: "*");
        Assert.Contains("bot", set.Json!["warnings"]!.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(204, (await _bench.SendAsync("DELETE", Path, ifMatch: some.ETag)).Status);
        Assert.Equal(".", await CallAsync(_token, 1));
    }

    [Fact]
    public async Task Is_put_in_force_for_all_as_a_version_and_ends()
    {
        await PutAsync(Tighter);
        var policy = (await _bench.SendAsync("GET", "policies/limited")).ETag;

        Assert.Equal(428, (await _bench.SendAsync("POST", $"{Path}/promote")).Status);
        // An operator who read this candidate cannot publish a newer one.
        var read = (await _bench.SendAsync("GET", Path)).ETag!;
        Assert.Equal(200, (await _bench.SendAsync("PUT", Path, Body(Tighter), read)).Status);
        var late = await _bench.SendAsync(
            "POST", $"{Path}/promote?candidate={Uri.EscapeDataString(read)}", ifMatch: policy);
        Assert.Equal((412, "admin"), (late.Status, (string?)late.Json!["changed"]!["by"]));
        var promoted = await _bench.SendAsync("POST", $"{Path}/promote?reason=better", ifMatch: policy);

        Assert.Equal(200, promoted.Status);
        Assert.Equal(".x", await CallAsync(_token, 2));
        Assert.Equal(404, (await _bench.SendAsync("GET", Path)).Status);
        Assert.Equal(404, (await _bench.SendAsync("POST", $"{Path}/promote", ifMatch: "*")).Status);
        var versions = (await _bench.SendAsync("GET", "policies/limited/versions")).Json!["items"]!.AsArray();
        Assert.Equal(
            (2, "promote", "better"),
            (versions.Count, (string?)versions[0]!["action"], (string?)versions[0]!["reason"]));
    }

    [Fact]
    public async Task A_second_operator_hears_whose_it_is()
    {
        await PutAsync(Tighter);
        var bea = await _bench.KeyOfAsync("bea", "editor");

        Assert.Equal(428, (await _bench.SendAsync("PUT", Path, Body(AdminBench.Limited), key: bea)).Status);
        var late = await _bench.SendAsync("PUT", Path, Body(AdminBench.Limited), "\"1\"", bea);
        Assert.Equal((412, "admin"), (late.Status, (string?)late.Json!["changed"]!["by"]));
        Assert.Equal(412, (await _bench.SendAsync("DELETE", Path, ifMatch: "\"1\"", key: bea)).Status);
        var review = await _bench.SendAsync("POST", "policies/limited/review", JsonNode.Parse(AdminBench.Limited));
        Assert.Equal("admin", (string?)review.Json!["candidate"]!["by"]);
        var viewer = await _bench.KeyOfAsync("vic", "viewer");
        Assert.Equal(200, (await _bench.SendAsync("GET", Path, key: viewer)).Status);
        Assert.Equal(403, (await _bench.SendAsync("DELETE", Path, ifMatch: "*", key: viewer)).Status);
    }

    [Theory]
    [InlineData("limited", """{ "grants": [] }""", "\"text\" is missing")]
    [InlineData("limited", """{ "text": "{ \"version\": \"2\" }" }""", "The policy is not valid")]
    [InlineData("limited", """{ "text": "no JSON" }""", "The policy is not valid")]
    [InlineData("limited", """{ "text": "{ \"version\": \"1\", \"default\": \"deny\" }", "grants": ["bto"] }""", "bot")]
    [InlineData("limted", """{ "text": "{ \"version\": \"1\", \"default\": \"deny\" }" }""", "limited")]
    public async Task Refuses_what_could_not_decide(string policy, string body, string why)
    {
        var refused = await _bench.SendAsync("PUT", $"policies/{policy}/candidate", JsonNode.Parse(body));

        Assert.True(refused.Status is 404 or 422, $"{refused.Status}");
        Assert.Contains(why, refused.Json!.ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal)
            .Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(404, (await _bench.SendAsync("GET", Path)).Status);
    }

    [Fact]
    public async Task Another_policy_of_the_name_begins_without_it()
    {
        await _bench.SendAsync("PUT", "policies/second", JsonNode.Parse(AdminBench.Limited));
        await _bench.SendAsync("PUT", "policies/second/candidate", Body(Tighter));

        Assert.Equal(204, (await _bench.SendAsync("DELETE", "policies/second", ifMatch: "*")).Status);
        await _bench.SendAsync("PUT", "policies/second", JsonNode.Parse(AdminBench.Limited));

        Assert.Equal(404, (await _bench.SendAsync("GET", "policies/second/candidate")).Status);
    }

    private static JsonObject Body(string text) => new() { ["text"] = text };

    private static bool Of(JsonElement record, string grant) => record.GetProperty("grant").GetString() == grant;

    private Task<AdminReply> PutAsync(string text) => _bench.SendAsync("PUT", Path, Body(text));

    /// <summary>A letter a call: a dot where it was let through, an x where it was refused.</summary>
    private async Task<string> CallAsync(string token, int calls)
    {
        var met = "";
        for (var i = 0; i < calls; i++)
            met += (await _bench.CallAsync(token)).IsError ? "x" : ".";
        return met;
    }

    private List<JsonElement> Decisions() =>
        [.. AuditTrail.Read(System.IO.Path.Combine(_bench.Folder, "data", "audit"))
            .Where(static record => record.GetProperty("kind").GetString() == "decision")];

    private async Task<JsonNode> EvaluationAsync()
    {
        var job = (await _bench.SendAsync(
            "POST", "backtests", new JsonObject { ["candidate"] = true, ["name"] = "limited" })).Json!;
        await Soon.UntilAsync(
            async () => (string)(job = (await _bench.SendAsync("GET", $"backtests/{job["id"]}")).Json!)["state"]!
                == "done",
            "the evaluation");
        return job;
    }
}
