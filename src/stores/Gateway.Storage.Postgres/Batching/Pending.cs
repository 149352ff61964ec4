using System.Threading.Tasks.Sources;

namespace Gateway.Storage.Postgres.Batching;

/// <summary>
/// A request that waits for its batch, and where its reply goes. Whoever awaits it goes on in the thread that replies:
/// the replies of a batch are given by one piece of work, not by one each.
/// </summary>
internal sealed class Pending<TRequest, TReply>(TRequest request) : IValueTaskSource<TReply>
{
    private ManualResetValueTaskSourceCore<TReply> _reply;

    public TRequest Request { get; } = request;

    /// <summary>The reply, to be awaited once.</summary>
    public ValueTask<TReply> Reply => new(this, _reply.Version);

    /// <summary>Gives the reply; once.</summary>
    public void End(TReply reply) => _reply.SetResult(reply);

    TReply IValueTaskSource<TReply>.GetResult(short token) => _reply.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TReply>.GetStatus(short token) => _reply.GetStatus(token);

    void IValueTaskSource<TReply>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reply.OnCompleted(continuation, state, token, flags);
}
