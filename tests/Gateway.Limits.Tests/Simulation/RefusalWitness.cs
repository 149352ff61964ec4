namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// Holds owners that share a store to this: whoever is refused for want of room was refused by a record that stood in
/// the store after the call had arrived, and that left no room for it.
/// </summary>
internal sealed class RefusalWitness(SimulatedStore store)
{
    private readonly Dictionary<(int Owner, CounterKey Key, CallId Call), (int Changes, Reservation Record)> _arrived =
        [];

    public void Arrive(int owner, CounterKey key, CallId call) =>
        _arrived.TryAdd((owner, key, call), (store.Changes.Count, store.Records.GetValueOrDefault(key)));

    public void Check(int owner, CounterKey key, AnsweredCall answer, long nowMs)
    {
        if (answer.Reply is not
            {
                Kind: CounterReplyKind.Refused,
                Refusal: { Kind: RefusalKind.NoRoom } refusal
            }) return;
        var (changes, record) = _arrived[(owner, key, answer.Request.CallId)];
        var room = answer.Request.Max.Nano - answer.Request.Cost.Nano;
        if (Taken(record) > room) return;
        for (var at = changes; at < store.Changes.Count; at++)
            if (store.Changes[at].Key == key && Taken(store.Changes[at].Record) > room) return;
        throw new Violation(
            $"{key}: refused {answer.Request.Cost} of {answer.Request.Max} by a record from before the call");

        Int128 Taken(Reservation at) => key.Kind.IsAligned && at.WindowStartMs != refusal.WindowStartMs
            ? 0
            : key.Kind.Counted(key.Window, at, Math.Max(nowMs, at.WindowStartMs));
    }
}
