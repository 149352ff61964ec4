using System.Threading.Tasks.Sources;

namespace Gateway.Orleans.Tests.Client;

/// <summary>How long a frontend waits for the answer to a message.</summary>
public sealed class OwnersMovingTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new("2026-03-02T12:00:00Z");
    private readonly OwnersMoving _moving;

    public OwnersMovingTests() => _moving = new OwnersMoving(_time);

    public void Dispose() => _moving.Dispose();

    [Fact]
    public async Task Waits_for_an_answer_as_long_as_it_takes_while_nobody_moves()
    {
        var asked = new TaskCompletionSource<int>();
        var waiting = _moving.WaitAsync(new ValueTask<int>(asked.Task)).AsTask();
        _time.Advance(60_000);
        Assert.False(waiting.IsCompleted);

        asked.SetResult(7);

        Assert.Equal(7, await waiting.WaitAsync(Soon));
    }

    [Fact]
    public async Task Fails_as_the_message_did()
    {
        var asked = new TaskCompletionSource<int>();
        var waiting = _moving.WaitAsync(new ValueTask<int>(asked.Task)).AsTask();

        asked.SetException(new FormatException("no answer"));

        await Assert.ThrowsAsync<FormatException>(() => waiting.WaitAsync(Soon));
    }

    [Fact]
    public async Task Leaves_what_was_sent_too_long_ago_as_soon_as_an_owner_moves()
    {
        TaskCompletionSource<int>[] asked = [new(), new(), new()];
        var first = _moving.WaitAsync(new ValueTask<int>(asked[0].Task)).AsTask();
        var second = _moving.WaitAsync(new ValueTask<int>(asked[1].Task)).AsTask();
        _time.Advance(399);
        var third = _moving.WaitAsync(new ValueTask<int>(asked[2].Task)).AsTask();
        _time.Advance(1);

        _moving.Record();

        await Assert.ThrowsAsync<TimeoutException>(() => first).WaitAsync(Soon);
        await Assert.ThrowsAsync<TimeoutException>(() => second).WaitAsync(Soon);
        asked[0].SetResult(1);
        Assert.False(third.IsCompleted);
        asked[2].SetResult(3);
        Assert.Equal(3, await third.WaitAsync(Soon));
    }

    [Fact]
    public async Task Leaves_what_is_sent_meanwhile_once_it_is_late()
    {
        _moving.Record();
        var waiting = _moving.WaitAsync(new ValueTask<int>(new TaskCompletionSource<int>().Task)).AsTask();

        _time.Advance(400);

        await Assert.ThrowsAsync<TimeoutException>(() => waiting).WaitAsync(Soon);
    }

    [Fact]
    public async Task Hears_of_the_next_who_moves_after_the_last_is_forgotten()
    {
        for (var round = 0; round < 3; round++)
        {
            var waiting = _moving.WaitAsync(new ValueTask<int>(new TaskCompletionSource<int>().Task)).AsTask();
            _time.Advance(400);
            _moving.Record();
            await Assert.ThrowsAsync<TimeoutException>(() => waiting).WaitAsync(Soon);
            _time.Advance(6000);
            Assert.False(_moving.AreSo);
        }
    }

    [Fact]
    public void Takes_no_memory_for_a_message_while_nobody_moves()
    {
        var answer = new Answer();
        Send(answer, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Send(answer, 1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Send(Answer answer, int times)
    {
        for (var i = 0; i < times; i++) Receive(_moving.WaitAsync(answer.Begin()), answer, i);
    }

    private static void Receive(ValueTask<int> waiting, Answer answer, int expected)
    {
        if (waiting.IsCompleted) Assert.Fail("Nobody has answered yet.");
        answer.End(expected);
        if (!waiting.IsCompleted) Assert.Fail("It was answered.");
        if (waiting.Result != expected) Assert.Fail("Another message's answer.");
    }

    /// <summary>An answer that is used again and again.</summary>
    private sealed class Answer : IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _core;

        public ValueTask<int> Begin() => new(this, _core.Version);

        public void End(int result) => _core.SetResult(result);

        public int GetResult(short token)
        {
            var result = _core.GetResult(token);
            _core.Reset();
            return result;
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
