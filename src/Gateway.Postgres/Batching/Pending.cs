namespace Gateway.Postgres.Batching;

/// <summary>A request that waits for its batch, and where its reply goes.</summary>
internal sealed class Pending<TRequest, TReply>(TRequest request)
    : TaskCompletionSource<TReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public TRequest Request { get; } = request;
}
