using Gateway.Limits.Counting;

namespace Gateway.Limits.Engine;

/// <summary>Whoever holds counters, and the lock under which they are stepped.</summary>
public interface ICounterHost
{
    /// <summary>
    /// Steps the counter with the store's reply, and carries out what it wants but for the store.
    /// </summary>
    /// <returns>What it wants of the store now; null for nothing.</returns>
    StoreRequest? Step(ICounter counter, in StoreReply reply);
}
