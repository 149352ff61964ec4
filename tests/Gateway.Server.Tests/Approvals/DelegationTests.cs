namespace Gateway.Server.Tests.Approvals;

/// <summary>Decisions of delegates during an operator's absence.</summary>
public sealed class DelegationTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private ApprovalBench _bench = null!;
    private string _server = "";
    private string _anna = "";
    private string _bob = "";

    public async Task InitializeAsync()
    {
        _bench = await ApprovalBench.StartAsync(time: _time);
        await _bench.AskAsync("""{"amount":1}""");
        _server = (string)(await _bench.SendAsync("GET", "approvals")).Json!["items"]![0]!["server"]!;
        _bob = await _bench.OperatorKeyAsync("bob", $"approver:{_server}");
        _anna = await KeyAsync("anna");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_delegate_without_a_role_decides_for_the_absent_person_and_the_record_names_both()
    {
        var id = await _bench.AskAsync();
        Assert.Equal(403, await ApproveAsync(id, _anna));

        var (status, absence) = await AwayAsync("anna", _bob);

        Assert.Equal((200, "away", true), (status, (string?)absence!["state"], (bool)absence["decides"]!));
        Assert.Equal(200, (await _bench.SendAsync("GET", $"approvals/{id}", key: _anna)).Status);
        var (approved, view) = await _bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject(), _anna);
        Assert.Equal((200, "anna", "bob"),
            (approved, (string?)view!["answeredBy"], (string?)view["answeredAs"]!["onBehalfOf"]));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        await _bench.Gateway.DisposeHostAsync();
        var record = Assert.Single(_bench.Gateway.AuditRecords(), static one => Text(one, "became") == "approved");
        Assert.Equal(("anna", "bob"), (Text(record, "by"), Text(record, "onBehalfOf")));
        var set = Assert.Single(_bench.Gateway.AuditRecords(), static one => Text(one, "object") == "absences/bob");
        Assert.Equal(("change", "set", "bob", "anna"), (Text(set, "kind"), Text(set, "action"), Text(set, "by"),
            set.GetProperty("after").GetProperty("delegate").GetString()));
    }

    [Fact]
    public async Task A_delegation_gives_only_the_decision_on_requests_of_the_absent_persons_servers()
    {
        await AwayAsync("anna", _bob);

        var (_, who) = await _bench.SendAsync("GET", "session", key: _anna);

        Assert.Equal(["Self", $"ReadApprovals:{_server}", $"AnswerApprovals:{_server}"],
            who!["permissions"]!.AsArray().Select(static one => (string)one!));
        foreach (var path in new[] { "status", "operators", "history", "servers", "audit" })
            Assert.Equal((path, 403), (path, (await _bench.SendAsync("GET", path, key: _anna)).Status));
        Assert.Equal(403, (await _bench.SendAsync("POST", "pause", new JsonObject(), _anna)).Status);
    }

    [Fact]
    public async Task Denies_when_the_absence_has_not_begun_or_is_over()
    {
        var id = await _bench.AskAsync();
        await AwayAsync("anna", _bob, from: "2m", until: "4m");
        Assert.Equal(403, await ApproveAsync(id, _anna));

        _time.Jump(TimeSpan.FromMinutes(5));

        Assert.Equal(403, await ApproveAsync(id, _anna));
        Assert.Equal(403, (await _bench.SendAsync("GET", "approvals", key: _anna)).Status);
        await AwayAsync("anna", _bob, from: "1m", until: "4m");
        _time.Jump(TimeSpan.FromMinutes(2));
        Assert.Equal(200, await ApproveAsync(id, _anna));
    }

    [Fact]
    public async Task Denies_when_the_absent_account_is_disabled_or_has_lost_its_role()
    {
        var id = await _bench.AskAsync();
        await AwayAsync("anna", _bob);
        await _bench.SendAsync("POST", "operators/bob/disable", new JsonObject());
        Assert.Equal(403, await ApproveAsync(id, _anna));
        await _bench.SendAsync("POST", "operators/bob/enable", new JsonObject());
        await RolesAsync("bob", "approver:another");
        Assert.Equal(404, await ApproveAsync(id, _anna));
        await RolesAsync("bob", "viewer");
        Assert.Equal(403, await ApproveAsync(id, _anna));

        await RolesAsync("bob", "approver");

        Assert.Equal(200, await ApproveAsync(id, _anna));
    }

    [Fact]
    public async Task Denies_when_the_right_of_the_absent_person_is_itself_a_delegation()
    {
        var id = await _bench.AskAsync();
        var carl = await KeyAsync("carl");
        await AwayAsync("anna", _bob);
        // An absence with a delegate needs a right of one's own, which is lost afterwards.
        await RolesAsync("anna", "approver");
        await AwayAsync("carl", _anna, "anna");
        await RolesAsync("anna");

        Assert.Equal(403, await ApproveAsync(id, carl));

        Assert.Equal(200, await ApproveAsync(id, _anna));
    }

    [Fact]
    public async Task Denies_when_the_delegate_was_removed_and_another_account_has_the_name()
    {
        var id = await _bench.AskAsync();
        await AwayAsync("anna", _bob);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "operators/anna")).Status);
        var later = await KeyAsync("anna");

        Assert.Equal(403, await ApproveAsync(id, later));

        var (_, listed) = await _bench.SendAsync("GET", "approvals/absences");
        Assert.Equal(("bob", "anna", false), ((string?)listed!["items"]![0]!["operator"],
            (string?)listed["items"]![0]!["delegate"], (bool)listed["items"]![0]!["decides"]!));
    }

    [Fact]
    public async Task Denies_when_the_absent_account_was_removed_and_another_has_the_name()
    {
        var id = await _bench.AskAsync();
        await AwayAsync("anna", _bob);
        await _bench.SendAsync("DELETE", "operators/bob");
        await _bench.OperatorKeyAsync("bob", "approver");

        Assert.Equal(403, await ApproveAsync(id, _anna));
        Assert.Equal(204, (await _bench.SendAsync("GET", "operators/bob/absence")).Status);
    }

    [Fact]
    public async Task Denies_when_the_absence_was_cleared()
    {
        var id = await _bench.AskAsync();
        await AwayAsync("anna", _bob);

        Assert.Equal(204, (await _bench.SendAsync("DELETE", "operators/bob/absence", key: _bob)).Status);

        Assert.Equal(403, await ApproveAsync(id, _anna));
        await _bench.Gateway.DisposeHostAsync();
        Assert.Equal(["set", "clear"], _bench.Gateway.AuditRecords()
            .Where(static one => Text(one, "object") == "absences/bob").Select(static one => Text(one, "action")));
    }

    [Fact]
    public async Task Denies_when_the_key_of_the_delegate_is_limited_to_other_roles()
    {
        var id = await _bench.AskAsync();
        await AwayAsync("anna", _bob);
        await RolesAsync("anna", "member", "approver:another");
        foreach (var (role, status) in new[] { ("member", 403), ("approver:another", 404) })
        {
            var body = new JsonObject { ["name"] = $"only-{role[..6]}", ["roles"] = new JsonArray(role) };
            var (_, made) = await _bench.SendAsync("POST", "operators/anna/keys", body);
            Assert.Equal((role, status), (role, await ApproveAsync(id, (string)made!["key"]!)));
        }

        Assert.Equal(200, await ApproveAsync(id, _anna));
    }

    [Fact]
    public async Task A_standing_approval_of_a_delegate_ends_with_the_absence()
    {
        await AwayAsync("anna", _bob, until: "5m");
        var (_, made) = await _bench.LetAsync(await _bench.AskAsync(), """{"next":9,"for":"2h"}""", _anna);
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        // The delegate's own right comes later and does not extend what was approved for bob.
        await RolesAsync("anna", "approver");

        _time.Jump(TimeSpan.FromMinutes(6));

        await _bench.AskAsync();
        var (_, view) = await _bench.SendAsync("GET", $"approvals/standing/{made!["standingId"]}");
        Assert.Equal(("ended", "its creator may no longer approve"), ((string?)view!["state"], (string?)view["why"]));
    }

    [Fact]
    public async Task Denies_when_the_delegate_has_become_a_program()
    {
        var id = await _bench.AskAsync();
        await AwayAsync("anna", _bob);
        await RolesAsync("anna", "agent");

        Assert.Equal(403, await ApproveAsync(id, _anna));

        await RolesAsync("anna", "viewer");
        Assert.Equal(200, await ApproveAsync(id, _anna));
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("bob")]
    public async Task A_standing_approval_of_a_delegate_ends_while_one_of_the_two_is_disabled(string name)
    {
        await AwayAsync("anna", _bob);
        await _bench.LetAsync(await _bench.AskAsync(), """{"next":9,"for":"2h"}""", _anna);
        // The first call uses the approval itself.
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));

        await _bench.SendAsync("POST", $"operators/{name}/disable", new JsonObject());

        await _bench.AskAsync();
    }

    [Fact]
    public async Task Only_the_account_itself_and_administrators_see_and_set_an_absence()
    {
        Assert.Equal(403, (await AwayAsync("carl", _anna)).Status);
        Assert.Equal(403, (await _bench.SendAsync("DELETE", "operators/bob/absence", key: _anna)).Status);
        Assert.Equal(403, (await _bench.SendAsync("GET", "operators/bob/absence", key: _anna)).Status);

        Assert.Equal(200, (await AwayAsync("anna", ApprovalBench.AdminKey)).Status);

        Assert.Equal("anna", (string?)(await _bench.SendAsync("GET", "operators/bob/absence", key: _bob))
            .Json!["delegate"]);
        // A key that is limited to some roles names nobody who could do more than the key.
        await RolesAsync("bob", "approver", "viewer");
        var body = new JsonObject { ["name"] = "limited", ["roles"] = new JsonArray("viewer") };
        var limited = (string)(await _bench.SendAsync("POST", "operators/bob/keys", body)).Json!["key"]!;
        Assert.Equal(403, (await AwayAsync("anna", limited)).Status);
    }

    [Theory]
    [InlineData("/until", "91d", "anna", null, null)]
    [InlineData("/until", "2020-01-01", "anna", null, null)]
    [InlineData("/until", "soon", "anna", null, null)]
    [InlineData("/from", "1d", "anna", "2d", null)]
    [InlineData("/from", "1d", "anna", "later", null)]
    [InlineData("/delegate", "1d", "nobody", null, null)]
    [InlineData("/delegate", "1d", "bob", null, null)]
    [InlineData("/delegate", "1d", "off", null, null)]
    [InlineData("/delegate", "1d", "robot", null, null)]
    [InlineData("/note", "1d", "anna", null, "two\nlines")]
    public async Task Refuses_an_absence_that_is_not_valid_and_names_the_member(
        string member, string until, string other, string? from, string? note)
    {
        await _bench.OperatorKeyAsync("robot", "agent");
        await _bench.OperatorKeyAsync("off", "approver");
        await _bench.SendAsync("POST", "operators/off/disable", new JsonObject());

        var (status, problem) = await AwayAsync(other, _bob, from: from, until: until, note: note);

        Assert.Equal((422, member), (status, (string?)problem!["errors"]![0]!["pointer"]));
        Assert.Equal(204, (await _bench.SendAsync("GET", "operators/bob/absence")).Status);
    }

    [Fact]
    public async Task An_absence_without_a_delegate_is_only_a_note()
    {
        var (status, absence) = await AwayAsync(null, _bob, note: "On leave");

        Assert.Equal((200, "On leave", false),
            (status, (string?)absence!["note"], (bool)absence["decides"]!));
        // The absent person may still decide.
        Assert.Equal(200, await ApproveAsync(await _bench.AskAsync(), _bob));
        // Somebody who decides on nothing delegates nothing.
        Assert.Equal(422, (await AwayAsync("bob", _anna, "anna")).Status);
        Assert.Equal(200, (await AwayAsync(null, _anna, "anna")).Status);
    }

    private async Task<string> KeyAsync(string name)
    {
        await _bench.SendAsync("POST", "operators", new JsonObject { ["name"] = name, ["roles"] = new JsonArray() });
        var (_, made) = await _bench.SendAsync("POST", $"operators/{name}/keys", new JsonObject { ["name"] = "test" });
        return (string)made!["key"]!;
    }

    private Task<(int Status, JsonNode? Json)> AwayAsync(
        string? other, string key, string name = "bob", string? from = null, string until = "1h", string? note = null)
    {
        var body = new JsonObject { ["until"] = until };
        foreach (var (member, value) in new[] { ("from", from), ("delegate", other), ("note", note) })
        {
            if (value is not null)
                body[member] = value;
        }

        return _bench.SendAsync("PUT", $"operators/{name}/absence", body, key);
    }

    private async Task<int> ApproveAsync(string id, string key) =>
        (await _bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject(), key)).Status;

    private Task<(int Status, JsonNode? Json)> RolesAsync(string name, params string[] roles) => _bench.SendAsync(
        "PATCH", $"operators/{name}",
        new JsonObject { ["roles"] = new JsonArray([.. roles.Select(static one => (JsonNode)one)]) });

    private static string? Text(JsonElement record, string member) =>
        record.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
