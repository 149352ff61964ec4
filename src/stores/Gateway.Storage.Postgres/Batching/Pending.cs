using System.Threading.Tasks.Sources;

namespace Gateway.Storage.Postgres.Batching;

/// <summary>
/// A request that waits for its batch, with its reply. The awaiting code continues on the thread that replies, so that
/// one work item delivers the replies of a batch instead of one for each.
/// </summary>
internal sealed class Pending<TRequest, TReply>(TRequest request) : IValueTaskSource<TReply>
{
    private ManualResetValueTaskSourceCore<TReply> _reply;

    public TRequest Request { get; } = request;

    /// <summary>The reply, which may be awaited once.</summary>
    public ValueTask<TReply> Reply => new(this, _reply.Version);

    /// <summary>Sets the reply; may be called once.</summary>
    public void End(TReply reply) => _reply.SetResult(reply);

    TReply IValueTaskSource<TReply>.GetResult(short token) => _reply.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TReply>.GetStatus(short token) => _reply.GetStatus(token);

    void IValueTaskSource<TReply>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reply.OnCompleted(continuation, state, token, flags);
}
