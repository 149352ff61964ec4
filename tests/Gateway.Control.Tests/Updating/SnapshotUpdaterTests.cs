using Gateway.Policy;
using Gateway.Policy.Decisions;

namespace Gateway.Control.Tests.Updating;

public sealed class SnapshotUpdaterTests : IDisposable
{
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task Puts_stored_documents_in_force()
    {
        await _bench.PutAllAsync();

        var grant = _bench.Grant()!;
        Assert.Equal("open", grant.Bindings["srv"].PolicyName);
        Assert.Equal("http://127.0.0.1:9/mcp", _bench.Now.Servers["srv"].Url!.ToString());
    }

    [Fact]
    public async Task Store_that_announces_a_revision_it_does_not_read_is_read_with_pauses()
    {
        await _bench.PutAllAsync();
        await _bench.Plane.OpenAsync(ConfigObjects.None, default);
        _bench.Store.AnnouncedAhead = 1;

        var watch = Stopwatch.StartNew();
        await _bench.Plane.StartAsync(default);
        // The first read and the first probe come at once, every other one after a pause of at least 250 ms.
        await Soon.UntilAsync(() => _bench.Store.Announced >= 4, "the store was read again");
        Assert.InRange(watch.ElapsedMilliseconds, 200, long.MaxValue);

        _bench.Store.AnnouncedAhead = 0;
        await _bench.Plane.StopAsync(default);
    }

    [Fact]
    public async Task Opens_sealed_headers_and_never_stores_them_plainly()
    {
        var header = await _bench.Secrets.SealAsync("Bearer upstream-secret", default);
        await _bench.PutAsync(ControlKinds.Servers, "srv",
            $$"""{ "url": "http://127.0.0.1:9/mcp", "sealedHeaders": { "Authorization": "{{header}}" } }""");

        Assert.Equal("Bearer upstream-secret", Assert.Single(_bench.Now.Servers["srv"].Headers).Value);
        Assert.DoesNotContain((await _bench.Store.ReadAsync(default)).Documents, document =>
            Encoding.UTF8.GetString(document.Content.Span).Contains("upstream-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Denies_where_a_sealed_header_cannot_be_opened()
    {
        await _bench.PutAllAsync();
        await _bench.PutAsync(ControlKinds.Servers, "srv",
            """{ "url": "http://127.0.0.1:9/mcp", "sealedHeaders": { "Authorization": "sealed:AAAA" } }""");

        Assert.Empty(_bench.Now.Servers);
        Assert.Empty(_bench.Grant()!.Bindings);
        Assert.Contains("Authorization", Assert.Single(_bench.Plane.State.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denies_a_grant_whose_policy_is_gone()
    {
        await _bench.PutAllAsync();
        await _bench.DeleteAsync(ControlKinds.Policies, "open");

        var binding = _bench.Grant()!.Bindings["srv"].Policy;
        Assert.Equal(PolicyRuleNames.NoPolicy, PolicyEngine.Decide(binding, PolicyCall.OfTool("t", default)).Rule);
    }

    [Fact]
    public async Task A_candidate_decides_for_its_grants_and_is_only_evaluated_for_the_others()
    {
        await _bench.PutAllAsync();
        await _bench.PutGrantAsync("other", ControlBench.OtherToken);
        await _bench.PutAsync(
            ControlKinds.Candidates, "open", Candidate("""{ \"version\": \"1\", \"default\": \"deny\" }"""));

        var (bots, others) = (_bench.Grant()!.Bindings["srv"], _bench.Grant(ControlBench.OtherToken)!.Bindings["srv"]);
        Assert.Equal(DecisionOutcome.Deny, Decide(bots));
        Assert.Null(bots.Candidate);
        Assert.Equal(DecisionOutcome.Allow, Decide(others));
        Assert.Equal(bots.PolicySha256, others.Candidate!.Sha256);

        await _bench.DeleteAsync(ControlKinds.Candidates, "open");
        Assert.Equal(DecisionOutcome.Allow, Decide(_bench.Grant()!.Bindings["srv"]));
        Assert.Null(_bench.Grant(ControlBench.OtherToken)!.Bindings["srv"].Candidate);
    }

    [Fact]
    public async Task A_candidate_that_cannot_be_read_denies_those_for_whom_it_decides_and_no_others()
    {
        await _bench.PutAllAsync();
        await _bench.PutGrantAsync("other", ControlBench.OtherToken);
        await _bench.PutAsync(ControlKinds.Candidates, "open", Candidate("""{ \"version\": \"9\" }"""));

        Assert.Equal(DecisionOutcome.Deny, Decide(_bench.Grant()!.Bindings["srv"]));
        Assert.Equal(DecisionOutcome.Allow, Decide(_bench.Grant(ControlBench.OtherToken)!.Bindings["srv"]));
        Assert.Contains("candidates/open", Assert.Single(_bench.Plane.State.Problems), StringComparison.Ordinal);
        await _bench.PutGrantAsync("third", ControlBench.OtherToken[..^1] + "9");
        Assert.Contains("candidates/open", Assert.Single(_bench.Plane.State.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_candidate_decides_for_its_share_of_sessions_and_each_keeps_its_policy()
    {
        await _bench.PutAllAsync();
        await PutShareAsync(10);
        var grant = _bench.Grant()!;
        string[] sessions = [.. Enumerable.Range(0, 1000).Select(static one => $"session-{one}")];

        var tried = sessions.Where(one => IsTried(grant.InSession(one))).ToList();

        Assert.InRange(tried.Count, 70, 130);
        Assert.Equal(tried, sessions.Where(static one => GrantSide.Bucket(one) < 10));
        Assert.Equal(GrantSide.Bucket("bot") < 10, IsTried(grant));
        var other = grant.InSession(sessions.Except(tried).First()).Bindings["srv"];
        Assert.Equal(
            (DecisionOutcome.Allow, grant.InSession(tried[0]).Bindings["srv"].PolicySha256),
            (Decide(other), other.Candidate!.Sha256));
        await PutShareAsync(50);
        var now = _bench.Grant()!;
        Assert.All(tried, one => Assert.True(IsTried(now.InSession(one))));
        await PutShareAsync(100);
        Assert.All(sessions, one => Assert.True(IsTried(_bench.Grant()!.InSession(one))));

        Task PutShareAsync(int percent) => _bench.PutAsync(
            ControlKinds.Candidates, "open", Candidate("""{ \"version\": \"1\", \"default\": \"deny\" }""", percent));

        static bool IsTried(GrantModel one) => Decide(one.Bindings["srv"]) == DecisionOutcome.Deny;
    }

    [Theory]
    [InlineData("c", "hour", 5, true)]
    [InlineData("c", "day", 1, false)]
    [InlineData("d", "hour", 1, false)]
    public async Task A_candidate_with_other_counters_decides_for_no_share_of_sessions(
        string counter, string window, int max, bool decides)
    {
        await _bench.PutAllAsync();
        await _bench.PutAsync(ControlKinds.Policies, "open", Limited("c", "hour", 1));
        await _bench.PutAsync(
            ControlKinds.Candidates, "open",
            Candidate(Limited(counter, window, max).Replace("\"", "\\\"", StringComparison.Ordinal), 99));
        var tried = Enumerable.Range(0, 100).Select(static one => $"{one}").First(
            static one => GrantSide.Bucket(one) < 99);

        var binding = _bench.Grant()!.InSession(tried).Bindings["srv"];

        Assert.Equal(decides, binding.Candidate is null);
        var published = _bench.Now.Grants.Values.Single().Sides[^1].Bindings["srv"];
        Assert.Equal(
            published.Policy.Limits.Select(static one => one.Key), binding.Policy.Limits.Select(static one => one.Key));

        static string Limited(string counter, string window, int max) => $$"""
            { "version": "1", "default": "allow", "all_tools": { "limits": [ { "counter": "{{counter}}", "window": "{{window}}", "max": {{max}} } ] } }
            """.Trim();
    }

    private static string Candidate(string text, int percent = 0) => $$"""
        { "text": "{{text}}", "by": "ana", "at": "2027-01-01T00:00:00Z", {{(percent > 0
            ? $"\"percent\": {percent}" : "\"grants\": [ \"bot\" ]")}} }
        """;

    private static DecisionOutcome Decide(GrantBinding binding) =>
        PolicyEngine.Decide(binding.Policy, PolicyCall.OfTool("t", default)).Outcome;

    [Fact]
    public async Task Denies_two_grants_that_have_one_token()
    {
        await _bench.PutAllAsync();
        await _bench.PutGrantAsync("twin", ControlBench.Token);

        Assert.Null(_bench.Grant());
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("[]")]
    [InlineData("""{ "servers": { "srv": "open" }, "tokenHash": "sha256:12" }""")]
    [InlineData("""{ "servers": { "srv": "open" }, "tokenHash": "sha256:12", "fromTheFuture": true }""")]
    [InlineData("""{ "servers": { "srv": "open" }, "tokenHash": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "tools_as": "otherwise" }""")]
    public async Task Leaves_out_a_document_that_it_cannot_read_and_says_so(string content)
    {
        await _bench.PutAllAsync();
        await _bench.PutAsync(ControlKinds.Grants, "odd", content.StartsWith('n') ? $"\"{content}\"" : content);

        Assert.NotNull(_bench.Grant());
        Assert.Contains("grants/odd", Assert.Single(_bench.Plane.State.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_what_is_open_when_a_grant_is_revoked()
    {
        await _bench.PutAllAsync();
        var open = _bench.Grant()!.Bindings["srv"].Ended;

        await _bench.DeleteAsync(ControlKinds.Grants, "bot");

        Assert.Null(_bench.Grant());
        Assert.True(open.IsCancellationRequested);
    }

    [Theory]
    [InlineData(""", "paused": true""")]
    [InlineData(""", "expires": "2026-03-01T11:59:59Z" """)]
    public async Task Ends_what_is_open_when_a_grant_is_paused_or_was_expired_meanwhile(string change)
    {
        await _bench.PutAllAsync();
        var open = _bench.Grant()!.Bindings["srv"].Ended;

        await _bench.PutGrantAsync("bot", ControlBench.Token, change);
        await _bench.PutGrantAsync("bot", ControlBench.Token);

        Assert.True(open.IsCancellationRequested);
        Assert.False(_bench.Grant()!.Bindings["srv"].Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Ends_what_is_open_when_the_token_changes_or_a_server_is_taken_away()
    {
        await _bench.PutAllAsync();
        var first = _bench.Grant()!.Bindings["srv"].Ended;
        await _bench.PutGrantAsync("bot", ControlBench.OtherToken);
        Assert.True(first.IsCancellationRequested);

        var second = _bench.Grant(ControlBench.OtherToken)!.Bindings["srv"].Ended;
        await _bench.PutAsync(ControlKinds.Grants, "bot",
            $$"""{ "servers": {}, "tokenHash": "{{_bench.Grant(ControlBench.OtherToken)!.Token}}" }""");
        Assert.True(second.IsCancellationRequested);
    }

    [Fact]
    public async Task Leaves_open_what_another_change_does_not_touch()
    {
        await _bench.PutAllAsync();
        var grant = _bench.Grant()!;
        grant.State.Use(17);

        await _bench.PutGrantAsync("other", ControlBench.OtherToken);
        await _bench.PutAsync(ControlKinds.Policies, "open", """{ "version": "1", "default": "deny" }""");

        Assert.False(grant.Bindings["srv"].Ended.IsCancellationRequested);
        Assert.Same(grant.State, _bench.Grant()!.State);
        Assert.Equal(17, _bench.Grant()!.State.LastUsedMs);
    }

    [Fact]
    public async Task Makes_a_reset_counter_a_new_one_in_every_binding()
    {
        await _bench.PutAllAsync();
        await _bench.PutAsync(ControlKinds.Policies, "open",
            """{ "version": "1", "default": "allow", "all_tools": { "limits": [ { "counter": "c", "window": 60, "max": 1 } ] } }""");
        await _bench.PutAsync(ControlKinds.Generations, "bot@srv/c/grant/fixed/60s", """{ "generation": 2 }""");

        var key = _bench.Grant()!.Bindings["srv"].Policy.Counters.Single().Cost.Key;
        Assert.Equal("bot@srv/c/grant/fixed/60s/2", key.Text);
    }

    [Fact]
    public async Task Makes_an_admin_key_once_and_keeps_only_its_hash()
    {
        var key = await _bench.Plane.OpenAsync(ConfigObjects.None, default);

        Assert.StartsWith("pgwadm_", key, StringComparison.Ordinal);
        Assert.Equal(Gateway.Control.Snapshots.TokenHash.Of(key), _bench.Plane.State.AdminKey);
        Assert.Null(await _bench.Plane.OpenAsync(ConfigObjects.None, default));
    }

    [Fact]
    public async Task Makes_no_admin_key_where_the_configuration_names_one()
    {
        var config = _bench.Config("""{ "admin": { "key": "0123456789abcdef" } }""");

        Assert.Null(await _bench.Plane.OpenAsync(config, default));
        Assert.Equal(Gateway.Control.Snapshots.TokenHash.Of("0123456789abcdef"), _bench.Plane.State.AdminKey);
    }

    [Fact]
    public async Task Denies_when_the_store_was_not_reached_for_five_seconds_and_recovers()
    {
        await _bench.PutAllAsync();
        _bench.Store.IsCutOff = true;
        await Assert.ThrowsAsync<ControlStoreException>(() => _bench.Plane.RefreshAsync(default));

        _bench.Time.Jump(TimeSpan.FromSeconds(4.4));
        Assert.Null(_bench.Freshness.Fault);
        _bench.Time.Jump(TimeSpan.FromSeconds(0.2));
        Assert.NotNull(_bench.Freshness.Fault);

        _bench.Store.IsCutOff = false;
        await _bench.Plane.RefreshAsync(default);
        Assert.Null(_bench.Freshness.Fault);
    }

    [Fact]
    public async Task Denies_until_what_it_missed_while_cut_off_is_in_force()
    {
        await _bench.PutAllAsync();
        await _bench.Plane.OpenAsync(_bench.Config("{}"), default);
        var grant = new ControlKey(ControlKinds.Grants, "bot");
        var version = (await _bench.Store.ReadAsync(default)).Find(grant)!.Version;
        await _bench.Store.DeleteAsync(grant, version, default);
        _bench.Time.Jump(TimeSpan.FromSeconds(5));
        var barrier = _bench.Store.HeldReads = new ReadBarrier();

        await _bench.Plane.StartAsync(default);
        await barrier.Arrived;
        Assert.NotNull(_bench.Grant());
        Assert.NotNull(_bench.Freshness.Fault);

        barrier.Open();
        while (_bench.Freshness.Fault is not null)
            await Task.Yield();
        Assert.Null(_bench.Grant());
        await _bench.Plane.StopAsync(default);
    }

    public void Dispose() => _bench.Dispose();
}
