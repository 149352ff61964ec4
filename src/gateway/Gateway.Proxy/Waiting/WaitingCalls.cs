using Gateway.Control.Options;

namespace Gateway.Proxy.Waiting;

/// <summary>The bound on calls that one process holds for a person's answer.</summary>
internal sealed class WaitingCalls(GatewayOptions options)
{
    private int _count;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= options.ApprovalCallsHeldMax)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
