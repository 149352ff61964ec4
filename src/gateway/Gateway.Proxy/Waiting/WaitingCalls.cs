using Gateway.Proxy.Calls;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy.Waiting;

/// <summary>The bound on calls of one process that wait for a person's decision.</summary>
internal sealed class WaitingCalls(
    LinkQuestions links, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int CallsMax = 256;

    private int _count;

    /// <summary>The links for clients that open links.</summary>
    public LinkQuestions Links => links;

    /// <summary>Creates the wait of one call. It takes its place when the wait begins.</summary>
    public CallWait Hold(CallContext call, TimeSpan atMost) =>
        new(call, atMost, this, time, lifetime.ApplicationStopping);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= CallsMax)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
