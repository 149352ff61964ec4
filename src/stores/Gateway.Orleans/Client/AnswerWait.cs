using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Gateway.Orleans.Client;

/// <summary>
/// A <see cref="MessageWait"/> with its result. Instances are pooled, but not after the wait was abandoned.
/// </summary>
internal sealed class AnswerWait<T> : MessageWait, IValueTaskSource<T>
{
    private readonly OwnersMoving _moving;
    private readonly Action _answered;
    private ManualResetValueTaskSourceCore<bool> _ended;
    private ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter _asked;

    public AnswerWait(OwnersMoving moving)
    {
        _moving = moving;
        _answered = Answered;
    }

    /// <summary>Starts waiting; the instance must already be in the list of messages under way.</summary>
    public ValueTask<T> Start(in ValueTask<T> asked)
    {
        _asked = asked.ConfigureAwait(false).GetAwaiter();
        var waiting = new ValueTask<T>(this, _ended.Version);
        _asked.UnsafeOnCompleted(_answered);
        return waiting;
    }

    public override void Leave()
    {
        _ended.RunContinuationsAsynchronously = true;
        _ended.SetException(new TimeoutException("The owner may have stopped before it read the message."));
    }

    public T GetResult(short token)
    {
        _ended.GetResult(token);
        var asked = _asked;
        _asked = default;
        _ended.Reset();
        _moving.GiveBack(this);
        return asked.GetResult();
    }

    public ValueTaskSourceStatus GetStatus(short token) => _ended.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ended.OnCompleted(continuation, state, token, flags);

    private void Answered()
    {
        if (_moving.TryEnd(this)) _ended.SetResult(true);
    }
}
