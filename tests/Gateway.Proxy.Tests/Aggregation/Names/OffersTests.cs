using Gateway.Mcp;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Names;

namespace Gateway.Proxy.Tests.Aggregation.Names;

public sealed class OffersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Offers _offers;
    private int _requests;

    public OffersTests() => _offers = new Offers("crm", 100, _time);

    [Fact]
    public async Task A_response_is_shared_for_a_second_and_then_requested_again()
    {
        var answer = new ServerAnswer("crm", 200, "application/json", default);
        Task<ServerAnswer> Ask() => _offers.AskAsync(
            McpListKind.Tools, () => Count(Task.FromResult(answer)), CancellationToken.None);
        await Ask();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        await Ask();
        Assert.Equal(1, _requests);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Ask();
        Assert.Equal(2, _requests);
    }

    [Fact]
    public async Task List_request_that_fails_synchronously_is_returned_to_its_caller_after_one_attempt()
    {
        for (var call = 1; call <= 3; call++)
        {
            var answer = await _offers.AskAsync(McpListKind.Tools, FailAtOnce, CancellationToken.None);

            Assert.Equal("is paused", answer.Why);
            Assert.Equal(call, _requests);
        }
    }

    [Fact]
    public async Task List_request_that_throws_synchronously_is_returned_to_its_caller_after_one_attempt()
    {
        for (var call = 1; call <= 3; call++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => _offers.AskAsync(McpListKind.Tools, ThrowAtOnce, CancellationToken.None));
            Assert.Equal(call, _requests);
        }
    }

    [Fact]
    public async Task List_request_that_is_cancelled_synchronously_is_returned_to_its_caller_after_one_attempt()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _offers.AskAsync(McpListKind.Tools, CancelledAtOnce, CancellationToken.None));
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task Caller_that_has_left_starts_no_list_request()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _offers.AskAsync(McpListKind.Tools, FailAtOnce, new CancellationToken(canceled: true)));
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_list_request_and_its_failure()
    {
        var pending = new TaskCompletionSource<ServerAnswer>();
        var callers = Enumerable.Range(0, 8).Select(_ => _offers.AskAsync(
            McpListKind.Tools, () => Count(pending.Task), CancellationToken.None)).ToList();
        pending.SetResult(Failure);

        Assert.All(await Task.WhenAll(callers), static answer => Assert.Equal("is paused", answer.Why));
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task Caller_whose_shared_list_request_was_cancelled_with_its_starter_sends_its_own()
    {
        var first = new TaskCompletionSource<ServerAnswer>();
        var starter = _offers.AskAsync(McpListKind.Tools, () => Count(first.Task), CancellationToken.None);
        var joined = _offers.AskAsync(McpListKind.Tools, FailAtOnce, CancellationToken.None);
        first.SetCanceled();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starter);
        Assert.Equal("is paused", (await joined).Why);
        Assert.Equal(2, _requests);
    }

    [Fact]
    public async Task Caller_whose_shared_list_requests_are_always_cancelled_sends_its_own_in_the_end()
    {
        var pending = new TaskCompletionSource<ServerAnswer>();
        Task<ServerAnswer> Join() => _offers.AskAsync(McpListKind.Tools, () => Count(pending.Task), default);
        var callers = new List<Task<ServerAnswer>> { Join(), Join() };
        for (var starter = 0; starter < 10; starter++)
        {
            // Each round cancels the request that the callers share; whoever is next to start one may be cancelled too.
            var cancelled = pending;
            pending = new TaskCompletionSource<ServerAnswer>();
            cancelled.SetCanceled();
            callers.Add(Join());
        }

        pending.SetResult(Failure);
        await ((Task)Task.WhenAll(callers)).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.All(callers, static caller => Assert.True(caller.IsCompleted));
        Assert.InRange(_requests, 1, callers.Count);
    }

    private static ServerAnswer Failure => ServerAnswer.Missing("crm", "is paused");

    private Task<ServerAnswer> FailAtOnce() => Count(Task.FromResult(Failure));

    private Task<ServerAnswer> CancelledAtOnce() =>
        Count(Task.FromCanceled<ServerAnswer>(new CancellationToken(canceled: true)));

    private Task<ServerAnswer> ThrowAtOnce()
    {
        Count(Task.FromResult(Failure));
        throw new InvalidOperationException("The request could not be built.");
    }

    /// <summary>Ends a test that would otherwise never end.</summary>
    private Task<ServerAnswer> Count(Task<ServerAnswer> answer) =>
        ++_requests <= 1000 ? answer : throw new InvalidTimeZoneException("The request was repeated without a bound.");
}
