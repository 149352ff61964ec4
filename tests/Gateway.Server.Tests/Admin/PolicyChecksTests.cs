namespace Gateway.Server.Tests.Admin;

/// <summary>What the console asks about an edited policy before it is set.</summary>
public sealed class PolicyChecksTests : IAsyncLifetime
{
    private const string Open = """{ "version": "1", "default": "deny", "tools": { "list_*": {} } }""";
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Reviews_a_text_with_its_rules_in_words_and_the_tools_that_they_decide_about()
    {
        var review = await PostAsync("review?server=crm", Open);

        var part = review["parts"]!.AsArray().Single(one => (string?)one!["pointer"] == "/tools/list_*")!;
        Assert.Equal("calls are allowed", (string?)part["sentences"]![0]!["text"]);
        Assert.Equal(["list_customers", "list_orders"], Names(part["tools"]!));
        Assert.Contains("delete_customer", Names(review["uncovered"]!));
        var finding = review["problems"]!.AsArray().Single(one => (string?)one!["code"] == "uncovered-tools")!;
        Assert.Equal(("warning", "/default"), ((string?)finding["severity"], (string?)finding["pointer"]));
    }

    [Fact]
    public async Task Reviews_a_text_that_is_no_JSON_with_the_place_of_its_error()
    {
        var review = await PostAsync("review", "{ \"version\": \"1\",\n  \"default\" \"deny\" }");

        var error = Assert.Single(review["problems"]!.AsArray())!;
        Assert.Equal(("error", 2), ((string?)error["severity"], (int)error["line"]!));
        Assert.Null(review["parts"]);
    }

    [Fact]
    public async Task Reviews_a_text_also_where_its_server_does_not_answer()
    {
        await _bench.SendAsync("PUT", "servers/gone", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });

        var review = await PostAsync("review?server=gone", Open);

        Assert.Contains("gone", (string?)review["note"], StringComparison.Ordinal);
        Assert.NotEmpty(review["parts"]!.AsArray());
        Assert.Equal(404, (await SendAsync("review?server=none", Open)).Status);
    }

    [Fact]
    public async Task Explains_a_call_by_the_edit_and_by_what_is_in_force()
    {
        var edited = await PostAsync("explain", $$"""{ "tool": "list_customers", "policy": {{Open}} }""");
        Assert.Equal(("allowed", "/tools/list_*"), ((string?)edited["outcome"], (string?)edited["rule"]));

        var current = await PostAsync("explain", """{ "tool": "create_refund", "arguments": { "amount": 1 } }""");
        Assert.Equal("denied", (string?)current["outcome"]);
        Assert.StartsWith("Policy violation", (string?)current["agentText"], StringComparison.Ordinal);
        Assert.Contains("no entry names create_refund", current["steps"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explains_a_call_of_a_caller()
    {
        const string ofAna = """
            "tool": "t", "policy": { "version": "1", "default": "deny",
              "tools": { "t": { "require": [ { "path": "caller.claims.groups", "op": "has", "value": "agents" } ] } } }
            """;
        const string caller = """{ "issuer": "corp", "subject": "ana", "claims": { "groups": ["agents"] } }""";

        Assert.Equal("denied", (string?)(await PostAsync("explain", $"{{ {ofAna} }}"))["outcome"]);
        var explained = await PostAsync("explain", $$"""{ "caller": {{caller}}, {{ofAna}} }""");
        Assert.Equal("allowed", (string?)explained["outcome"]);
    }

    [Theory]
    [InlineData("""{ "arguments": {} }""", "\"tool\" is missing")]
    [InlineData("""{ "tool": "t", "arguments": [] }""", "must be a JSON object")]
    [InlineData("""{ "tool": "t", "at": "soon" }""", "must be an instant")]
    [InlineData("""{ "tool": "t", "caller": { "issuer": "corp" } }""", "\"subject\" is missing")]
    [InlineData("""{ "tool": "t", "policy": { "version": "2" } }""", "The policy is not valid")]
    public async Task Refuses_a_call_that_cannot_be_tried(string body, string why)
    {
        var reply = await SendAsync("explain", body);

        Assert.Equal(422, reply.Status);
        Assert.Contains(why, (string?)reply.Json!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compares_an_edit_with_what_is_in_force_and_with_a_version()
    {
        var diff = await PostAsync("diff", Open);
        Assert.Contains(
            diff["differences"]!.AsArray(),
            one => (string?)one!["tool"] == "list_customers" && (string?)one["change"] == "looser");
        Assert.Contains("remove /tools/list_customers", Names(diff["changes"]!));

        var etag = (await _bench.SendAsync("GET", "policies/limited")).ETag!;
        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(Open), etag);
        Assert.Empty((await PostAsync("diff", Open))["differences"]!.AsArray());
        Assert.NotEmpty((await PostAsync($"diff?against={etag.Trim('"')}", Open))["differences"]!.AsArray());
        Assert.Equal(404, (await SendAsync("diff?against=1000000", Open)).Status);
        var texts = $$"""{ "before": {{AdminBench.Limited}}, "policy": {{Open}} }""";
        Assert.NotEmpty((await PostAsync("diff?against=before", texts))["differences"]!.AsArray());
        Assert.Equal(422, (await SendAsync("diff?against=before", """{ "policy": { "version": "1" } }""")).Status);
    }

    [Fact]
    public async Task Runs_the_tests_in_a_document_and_those_beside_it()
    {
        var run = await PostAsync("tests", """
            {
              "policy": { "version": "1", "default": "deny", "tools": { "t": { "rate_limit": { "max": 1, "window": 60 } } },
                "tests": [ { "call": { "tool": "t" }, "expect": "allow" }, { "call": { "tool": "t" }, "expect": "allow" } ] },
              "tests": [ { "name": "others", "call": { "tool": "u" }, "expect": "deny" } ]
            }
            """);

        Assert.Equal((2, 1), ((int)run["passed"]!, (int)run["failed"]!));
        var failed = run["results"]!.AsArray().Single(one => !(bool)one!["ok"]!)!;
        Assert.Equal(("/tests/1", "allow"), ((string?)failed["pointer"], (string?)failed["wanted"]));
        Assert.StartsWith("rate_limit by /tools/t/rate_limit", (string?)failed["got"], StringComparison.Ordinal);
        Assert.Equal("limited.tests.json", (string?)run["results"]![2]!["file"]);
        Assert.Equal(422, (await SendAsync("tests", $$"""{ "policy": {{Open}}, "tests": [ 1 ] }""")).Status);
    }

    [Fact]
    public async Task Keeps_a_draft_that_is_no_policy_yet_and_says_whose_it_is()
    {
        var (ana, bo) = (await _bench.KeyOfAsync("ana", "editor"), await _bench.KeyOfAsync("bo", "editor"));
        Assert.Equal(404, (await _bench.SendAsync("GET", "policies/limited/draft")).Status);

        var kept = await PutDraftAsync("{ not yet", ana);
        Assert.Equal((200, "ana"), (kept.Status, (string?)kept.Json!["by"]));
        Assert.Equal(200, (await PutDraftAsync("{ later", ana)).Status);
        var refused = await PutDraftAsync("mine", bo);
        Assert.Equal((412, "ana"), (refused.Status, (string?)refused.Json!["changed"]!["by"]));

        var shown = await _bench.SendAsync("GET", "policies/limited/draft", key: bo);
        Assert.Equal("{ later", (string?)shown.Json!["text"]);
        Assert.Equal("ana", (string?)(await PostAsync("review", Open))["draft"]!["by"]);
        Assert.Equal((string?)refused.Json["changed"]!["eTag"], shown.ETag);
        Assert.Equal(200, (await PutDraftAsync("mine", bo, shown.ETag)).Status);
        Assert.Equal(412, (await _bench.SendAsync("DELETE", "policies/limited/draft", key: ana)).Status);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "policies/limited/draft", key: bo)).Status);
        Assert.Equal(404, (await _bench.SendAsync("GET", "policies/limited/draft")).Status);
    }

    [Fact]
    public async Task The_second_of_two_operators_sees_who_changed_it_first_and_why()
    {
        var (ana, bo) = (await _bench.KeyOfAsync("ana", "editor"), await _bench.KeyOfAsync("bo", "editor"));
        var etag = (await _bench.SendAsync("GET", "policies/limited")).ETag;
        var first = await _bench.SendAsync(
            "PUT", "policies/limited?reason=lists%20again", JsonNode.Parse(Open), etag, ana);
        Assert.Equal(200, first.Status);

        var second = await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(Open), etag, bo);

        Assert.Equal(412, second.Status);
        var changed = second.Json!["changed"]!;
        Assert.Equal(
            ("ana", "lists again", first.ETag),
            ((string?)changed["by"], (string?)changed["reason"], (string?)changed["eTag"]));
        Assert.NotNull(changed["at"]);
    }

    private static IEnumerable<string> Names(JsonNode array) => array.AsArray().Select(one => (string)one!);

    private Task<AdminReply> PutDraftAsync(string text, string key, string? ifMatch = null) => _bench.SendAsync(
        "PUT", "policies/limited/draft", new JsonObject { ["text"] = text, ["base"] = "\"1\"" }, ifMatch, key);

    private async Task<JsonNode> PostAsync(string what, string text)
    {
        var reply = await SendAsync(what, text);
        Assert.True(reply.Status == 200, reply.Json?.ToJsonString());
        return reply.Json!;
    }

    // As it is written, which is not always JSON.
    private async Task<AdminReply> SendAsync(string what, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/policies/limited/{what}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
        request.Content = new StringContent(text, new MediaTypeHeaderValue("application/json"));
        using var response = await _bench.Client.SendAsync(request);
        return new AdminReply(
            (int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()), null);
    }
}
