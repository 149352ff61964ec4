using Gateway.Limits.Counting;

namespace Gateway.Limits.Engine;

/// <summary>A holder of counters and of the lock under which they are stepped.</summary>
public interface ICounterHost
{
    /// <summary>
    /// Steps the counter with the store's reply, and carries out its effects except the request to the store.
    /// </summary>
    /// <returns>The next request to the store; null if there is none.</returns>
    StoreRequest? Step(ICounter counter, in StoreReply reply);
}
