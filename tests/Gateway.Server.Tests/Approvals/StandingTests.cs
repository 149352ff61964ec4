namespace Gateway.Server.Tests.Approvals;

/// <summary>Leave for further calls: the next ones, for a while, by conditions that the approver sees.</summary>
public sealed class StandingTests : IAsyncLifetime
{
    private const string UpToTen = """[{"path":"args.amount","op":"lte","value":10}]""";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private ApprovalBench _bench = null!;

    public async Task InitializeAsync() => _bench = await ApprovalBench.StartAsync(time: _time);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Lets_as_many_calls_like_it_through_as_it_says_of_many_at_once_and_records_each()
    {
        var id = await _bench.AskAsync();

        var (status, approved) = await _bench.LetAsync(id, $$"""{"next":3,"for":"15m","where":{{UpToTen}}}""");

        Assert.Equal(200, status);
        var standing = (string)approved!["standingId"]!;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => _bench.CallAsync($$"""{"amount":{{i}},"note":"{{i}}"}""")));
        Assert.Equal(3, answers.Count(ApprovalBench.IsDone));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        await _bench.AskAsync("""{"amount":1}""");
        Assert.Equal(4, _bench.Server.Requests.Count);
        var (_, view) = await _bench.SendAsync("GET", $"approvals/standing/{standing}");
        Assert.Equal(("used", 3, 3, UpToTen),
            ((string?)view!["state"], (int)view["next"]!, (int)view["used"]!, view["where"]!.ToJsonString()));
        await _bench.Gateway.DisposeHostAsync();
        var records = _bench.Gateway.AuditRecords();
        Assert.Equal(3, records.Count(record => Text(record, "kind") == "decision"
            && Text(record, "standingApprovalId") == standing && Text(record, "approvedBy") == "admin"));
        var made = Assert.Single(records, static record => Text(record, "became") == "standing");
        Assert.Equal((id, standing, 3),
            (Text(made, "approvalId"), Text(made, "standingApprovalId"), made.GetProperty("next").GetInt32()));
    }

    [Theory]
    [InlineData("""{"amount":11}""")]
    [InlineData("""{"amount":"five"}""")]
    [InlineData("""{}""")]
    [InlineData("""{"amount":5,"Amount":500}""")]
    public async Task Asks_about_arguments_that_do_not_meet_its_conditions_or_that_two_readers_take_apart(string other)
    {
        await _bench.LetAsync(await _bench.AskAsync(), $$"""{"next":5,"where":{{UpToTen}}}""");

        await _bench.AskAsync(other);

        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync("""{"amount":7}""")));
        Assert.Single(_bench.Server.Requests);
    }

    [Fact]
    public async Task Is_for_the_same_arguments_and_the_same_grant_unless_it_says_more_and_ends_with_its_time()
    {
        var (_, approved) = await _bench.LetAsync(await _bench.AskAsync(), """{"for":"10m"}""");

        for (var call = 0; call < 3; call++)
            Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        await _bench.AskAsync("""{"amount":6}""");
        Assert.Equal("approval_required",
            ApprovalBench.Decision(await _bench.CallAsOtherAsync()).GetProperty("outcome").GetString());
        await _bench.RestartAsync();
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        _time.Jump(TimeSpan.FromMinutes(10));
        await _bench.AskAsync();
        var (_, view) = await _bench.SendAsync("GET", $"approvals/standing/{approved!["standingId"]}");
        Assert.Equal(("expired", 3), ((string?)view!["state"], (int)view["used"]!));
    }

    [Fact]
    public async Task Is_revoked_by_who_may_approve_there_and_by_nobody_else()
    {
        var (_, approved) = await _bench.LetAsync(await _bench.AskAsync(), """{"next":9,"where":[]}""");
        var path = $"approvals/standing/{approved!["standingId"]}";
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync("""{"any":"thing"}""")));
        var elsewhere = await _bench.OperatorKeyAsync("eve", "approver:another");
        Assert.Equal(404, (await _bench.SendAsync("DELETE", path, key: elsewhere)).Status);
        Assert.Empty((await _bench.SendAsync("GET", "approvals/standing", key: elsewhere)).Json!["items"]!.AsArray());
        Assert.Equal(404, (await _bench.SendAsync("DELETE", "approvals/standing/none")).Status);

        var (status, revoked) = await _bench.SendAsync(
            "DELETE", path, key: await _bench.OperatorKeyAsync("bob", "approver"));

        Assert.Equal((200, "revoked", "bob"), (status, (string?)revoked!["state"], (string?)revoked["revokedBy"]));
        // The request that it was made with is still good for its own call; that is not what was taken back.
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        await _bench.AskAsync();
        await _bench.AskAsync("""{"any":"thing"}""");
    }

    [Fact]
    public async Task Ends_with_its_makers_role_and_does_not_come_back_with_another_account_of_that_name()
    {
        var ana = await _bench.OperatorKeyAsync("ana", "approver");
        var (_, approved) = await _bench.LetAsync(await _bench.AskAsync(), """{"next":9,"where":[]}""", ana);
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync("""{"n":1}""")));

        await ChangeAsync(new JsonObject { ["name"] = "ana", ["roles"] = new JsonArray("viewer") });

        await _bench.AskAsync("""{"n":2}""");
        var (_, view) = await _bench.SendAsync("GET", $"approvals/standing/{approved!["standingId"]}");
        Assert.Equal(("ended", "its creator may no longer approve"), ((string?)view!["state"], (string?)view["why"]));
        await DeleteAsync("operators/ana");
        await _bench.OperatorKeyAsync("ana", "approver");
        await _bench.AskAsync("""{"n":3}""");
    }

    [Fact]
    public async Task Ends_with_a_change_of_its_rule_and_of_no_other()
    {
        var (_, approved) = await _bench.LetAsync(await _bench.AskAsync(), """{"next":9,"where":[]}""");

        await _bench.RestartAsync(policy: static policy => policy.Replace(
            "\"tools\": {", "\"tools\":   { \"other\": { \"action\": \"deny\" },", StringComparison.Ordinal));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync("""{"n":1}""")));
        await _bench.RestartAsync(
            policy: static policy => policy.Replace("\"15m\"", "\"16m\"", StringComparison.Ordinal));

        await _bench.AskAsync("""{"n":2}""");
        var (_, view) = await _bench.SendAsync("GET", $"approvals/standing/{approved!["standingId"]}");
        Assert.Equal(("ended", "its rule has changed"), ((string?)view!["state"], (string?)view["why"]));
    }

    [Theory]
    [InlineData("{}", "Specify \"next\"")]
    [InlineData("""{"next":0}""", "from 1 to 1000")]
    [InlineData("""{"next":1001}""", "from 1 to 1000")]
    [InlineData("""{"for":"8d"}""", "at most 168 h")]
    [InlineData("""{"for":"soon"}""", "such as \"90s\"")]
    [InlineData("""{"next":1,"where":{}}""", "an array")]
    [InlineData("""{"next":1,"where":[{"path":"amount","op":"eq","value":1}]}""", "a path begins with \"args\"")]
    [InlineData("""{"next":1,"where":[{"path":"args.to","op":"in","list":"people"}]}""", "there is no list")]
    [InlineData("""{"next":1,"where":[{"time":{"zone":"UTC","hours":["09:00-10:00"]}}]}""", "for the period")]
    [InlineData("""{"next":1,"where":[{"not":{"path":"caller.subject","op":"eq","value":"x"}}]}""", "not the caller")]
    public async Task Refuses_terms_that_are_empty_too_broad_or_cannot_be_evaluated(string terms, string why)
    {
        var id = await _bench.AskAsync();

        var (status, problem) = await _bench.LetAsync(id, terms);

        Assert.Equal(422, status);
        Assert.Contains(why, (string)problem!["detail"]!, StringComparison.Ordinal);
        await _bench.OpenAsync(1);
    }

    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task ChangeAsync(JsonObject account)
    {
        using var request = Request(HttpMethod.Put, $"operators/{account["name"]}");
        request.Content = new StringContent(account.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var response = await _bench.Gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task DeleteAsync(string path)
    {
        using var request = Request(HttpMethod.Delete, path);
        using var response = await _bench.Gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(_bench.Gateway.Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApprovalBench.AdminKey);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return request;
    }
}
