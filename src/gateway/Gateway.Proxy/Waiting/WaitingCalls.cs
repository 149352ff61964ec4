using Gateway.Proxy.Calls;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy.Waiting;

/// <summary>The bound on calls that one process holds for a person's answer.</summary>
internal sealed class WaitingCalls(
    LinkQuestions links, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int CallsMax = 256;

    private int _count;

    /// <summary>What clients are asked that open links.</summary>
    public LinkQuestions Links => links;

    /// <summary>The wait of one call, which takes its place when it begins.</summary>
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
