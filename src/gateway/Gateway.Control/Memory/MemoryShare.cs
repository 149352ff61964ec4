namespace Gateway.Control.Memory;

/// <summary>The bytes that one grant holds of a <see cref="MemoryBudget"/>; only the budget changes them.</summary>
/// <param name="caller">The grant, for the log.</param>
/// <param name="isAnonymous">True for the common share of all requests without a grant.</param>
public sealed class MemoryShare(string caller, bool isAnonymous = false)
{
    private readonly LinkedList<Action> _abandoned = new();
    private long _held;

    /// <summary>The grant, for the log.</summary>
    public string Caller => caller;

    /// <summary>True for the common share of all requests without a grant.</summary>
    public bool IsAnonymous => isAnonymous;

    /// <summary>The bytes that are held now.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>
    /// Marks a call for which no client waits any more: such calls are ended, the longest abandoned first, to make
    /// room.
    /// </summary>
    public LinkedListNode<Action> Abandon(Action letGo)
    {
        lock (_abandoned)
            return _abandoned.AddLast(letGo);
    }

    /// <summary>Removes an abandoned call that has ended.</summary>
    public void Forget(LinkedListNode<Action> abandoned)
    {
        lock (_abandoned)
        {
            if (abandoned.List is not null)
                _abandoned.Remove(abandoned);
        }
    }

    internal void EvictOne()
    {
        Action? letGo;
        lock (_abandoned)
        {
            letGo = _abandoned.First?.Value;
            if (letGo is not null)
                _abandoned.RemoveFirst();
        }

        letGo?.Invoke();
    }

    internal bool TryAdd(long bytes, long max)
    {
        var held = Volatile.Read(ref _held);
        while (held + bytes <= max)
        {
            var seen = Interlocked.CompareExchange(ref _held, held + bytes, held);
            if (seen == held)
                return true;
            held = seen;
        }

        return false;
    }

    internal void Subtract(long bytes) => Interlocked.Add(ref _held, -bytes);
}
