using Gateway.Audit.Records;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Tests.Pipeline;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>Loops that repeat a compare-and-swap, over a store in which every write conflicts synchronously.</summary>
public sealed class WriteAttemptsTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "refund": {
          "action": "approve", "approval": { "expires": "60s", "wait": "0s" } } } }
        """;

    private static readonly Approver Ada = new(new Actor("Ada"), "ada");
    private readonly ConflictingStore _store = new();
    private StageBench _bench = null!;

    public async Task InitializeAsync() => _bench = await StageBench.OpenAsync(Policy, _store);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Approval_request_that_always_conflicts_is_refused_as_unavailable()
    {
        using var call = _bench.ToolCall("refund");
        var priced = await _bench.PriceAsync(call);
        _store.IsConflicting = true;

        var end = await _bench.EndAsync<PricedCall, ApprovedCall>(priced);

        Assert.Equal(ApprovalRefusals.Unavailable.Rule, end.Refusal!.Rule);
        Assert.InRange(_store.Conflicts, 1, 2 * WriteAttempts.Max);
    }

    [Fact]
    public async Task Digest_key_that_always_conflicts_is_reported()
    {
        _store.IsConflicting = true;
        await Assert.ThrowsAsync<ControlStoreException>(
            async () => await _bench.Get<ArgumentsDigest>().OfAsync("{}"u8.ToArray(), default));
        Assert.InRange(_store.Conflicts, 1, 2 * WriteAttempts.Max);
    }

    [Fact]
    public async Task Answer_that_always_conflicts_is_reported()
    {
        var asked = await AskAsync();
        _store.IsConflicting = true;
        await Assert.ThrowsAsync<ControlStoreException>(async () => await _bench.Get<ApprovalService>().AnswerAsync(
            asked.Id, Ada, new GivenAnswer(true), default));
        Assert.Equal(WriteAttempts.Max, _store.Conflicts);
    }

    [Fact]
    public async Task Suggestion_that_always_conflicts_is_reported()
    {
        var asked = await AskAsync() with { Suggestion = "other" };
        _store.IsConflicting = true;
        await Assert.ThrowsAsync<ControlStoreException>(async () => await _bench.Get<ApprovalSuggestions>().MakeAsync(
            new ApprovalEntry("digest", 1, asked), Ada,
            new GivenAnswer(false) { SuggestedArguments = "{}" }, asked.AskedMs));
        Assert.Equal(WriteAttempts.Max, _store.Conflicts);
    }

    [Fact]
    public async Task Revocation_that_always_conflicts_is_reported()
    {
        var nowMs = _bench.Get<ProcessClock>().NowMs();
        var standing = new StandingApproval
        {
            Id = "one",
            ApprovalId = "asked",
            Grant = "bot",
            GrantToken = "token",
            Server = "srv",
            Tool = "refund",
            Rule = "/tools/refund/action",
            RuleSha256 = "rule",
            Terms = new StandingTerms { Uses = 10, ForMs = 60_000 },
            Makers = [new StandingMaker("Ada", "ada", "1")],
            MadeMs = nowMs,
            ExpiresMs = nowMs + 60_000,
        };
        Assert.NotNull(await _bench.Get<StandingRepository>().WriteAsync(0, standing, default));
        _store.IsConflicting = true;

        await Assert.ThrowsAsync<ControlStoreException>(
            async () => await _bench.Get<StandingService>().RevokeAsync("one", new Actor("ada")));
        Assert.Equal(2 * WriteAttempts.Max, _store.Conflicts);
    }

    private async Task<Approval> AskAsync()
    {
        using var call = _bench.ToolCall("refund");
        await _bench.EndAsync<PricedCall, ApprovedCall>(await _bench.PriceAsync(call));
        return Assert.Single(await _bench.Get<ApprovalService>().ListAsync(default));
    }
}
