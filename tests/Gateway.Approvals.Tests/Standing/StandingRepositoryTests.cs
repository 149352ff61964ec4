using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Approvals.Tests.Standing;

/// <summary>Uses, their release, revocation and expiry of one standing approval, all at the same time.</summary>
public sealed class StandingRepositoryTests : IDisposable
{
    private const int Uses = 10;
    private readonly TestFolder _folder = new();
    private readonly FileControlStore _store;
    private readonly DocumentCache _documents;
    private readonly StandingRepository[] _frontends;

    public StandingRepositoryTests()
    {
        _store = FileControlStore.Open(_folder.Path, TimeProvider.System);
        _documents = new DocumentCache(_store);
        _frontends = [.. Enumerable.Range(0, 3).Select(
            _ => new StandingRepository(_documents, _store, new SecretProtector(_store)))];
    }

    public void Dispose()
    {
        foreach (var frontend in _frontends)
            frontend.Dispose();
        _documents.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Counts_each_of_many_uses_at_once_and_gives_back_those_that_were_not_sent()
    {
        await _frontends[0].WriteAsync(0, Leave, default);

        var used = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => UseAsync(i, nowMs: 0)));
        Assert.Equal(Uses, used.Count(static one => one));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _frontends[i % 3].ReleaseAsync("one").AsTask()));
        var again = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => UseAsync(i, nowMs: 0)));

        Assert.Equal(4, again.Count(static one => one));
        Assert.Equal(Uses, (await NowAsync()).Used);
    }

    [Fact]
    public async Task Lets_nothing_through_once_it_is_revoked_or_over_whatever_is_under_way()
    {
        await _frontends[0].WriteAsync(0, Leave with { Terms = Leave.Terms with { Uses = 1000 } }, default);
        var uses = Enumerable.Range(0, 60).Select(i => UseAsync(i, nowMs: 0)).ToList();

        var revoked = await _frontends[1].ChangeAsync("one", static now => now with { RevokedMs = 1 });
        var used = await Task.WhenAll(uses);

        Assert.Equal((await NowAsync()).Used, used.Count(static one => one));
        Assert.Equal(revoked!.Used, (await NowAsync()).Used);
        Assert.False(await UseAsync(0, nowMs: 0));
    }

    [Fact]
    public async Task Is_over_at_its_instant_and_nothing_that_cannot_be_read_is_one()
    {
        await _frontends[0].WriteAsync(0, Leave, default);
        await _store.WriteAsync(
            new ControlKey(ControlKinds.StandingApprovals, "bad"), 0, """{"used":-1}"""u8.ToArray(), default);

        Assert.True(await UseAsync(0, nowMs: 999));
        Assert.False(await UseAsync(0, nowMs: 1000));
        Assert.Equal("one", Assert.Single(StandingRepository.All(await _documents.ReadAsync(default))).Standing.Id);
    }

    [Fact]
    public async Task Standing_approval_whose_end_is_stored_stays_expired_at_an_earlier_time()
    {
        await _frontends[0].WriteAsync(0, Leave with { EndedMs = 1000 }, default);

        Assert.Equal(StandingState.Expired, (await NowAsync()).StateAt(999));
        Assert.False(await UseAsync(0, nowMs: 999));
    }

    [Fact]
    public void Holds_for_one_grants_token_and_one_text_of_the_rule()
    {
        var everybody = new Approvers(true);

        Assert.True(Leave.Holds("token", "rule", null, everybody));
        Assert.False(Leave.Holds("other", "rule", null, everybody));
        Assert.False(Leave.Holds("token", "other", null, everybody));
        Assert.False(Leave.Holds("token", null, null, everybody));
        Assert.False(Leave.Holds("token", "rule", null, new Approvers(false)));
        var pinned = Leave with { ToolContract = "contract" };
        Assert.True(pinned.Holds("token", "rule", "contract", everybody));
        Assert.False(pinned.Holds("token", "rule", "changed", everybody));
        Assert.False(pinned.Holds("token", "rule", null, everybody));
    }

    [Theory]
    [InlineData(0, StandingState.Active)]
    [InlineData(59_000, StandingState.Active)]
    [InlineData(61_000, StandingState.Expired)]
    public void A_standing_approval_from_a_clock_that_was_set_back_since_has_expired(
        int aheadMs, StandingState state) =>
        Assert.Equal(state, (Leave with { MadeMs = 1000 + aheadMs, ExpiresMs = 1_000_000 }).StateAt(1000));

    private static StandingApproval Leave => new()
    {
        Id = "one",
        ApprovalId = "asked",
        Grant = "agent",
        GrantToken = "token",
        Server = "srv",
        Tool = "refund",
        Rule = "/tools/refund/action",
        RuleSha256 = "rule",
        Terms = new StandingTerms { Uses = Uses, ForMs = 1000 },
        Makers = [new StandingMaker("Ada", "ada", "1")],
        MadeMs = 0,
        ExpiresMs = 1000,
    };

    private Task<bool> UseAsync(int frontend, long nowMs) => Task.Run(async () =>
        await _frontends[frontend % 3].TryUseAsync(
            "one", standing => standing.StateAt(nowMs) == StandingState.Active) is not null);

    private async Task<StandingApproval> NowAsync() =>
        StandingRepository.Find(await _documents.ReadAsync(default), "one")!.Standing;

    private sealed class Approvers(bool may) : IApprovers
    {
        public bool MayAnswer(StandingMaker maker, string server) => may;
    }
}
