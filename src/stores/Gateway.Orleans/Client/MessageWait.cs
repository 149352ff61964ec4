namespace Gateway.Orleans.Client;

/// <summary>
/// A message under way that is waited for and can be left: whoever waits then goes on, and what is answered later is
/// heard by nobody. <see cref="OwnersMoving"/> owns it, and changes its place among the others under its lock.
/// </summary>
internal abstract class MessageWait
{
    /// <summary>When it was sent, by the monotonic clock.</summary>
    public long SentAt { get; set; }

    /// <summary>True while it may still be left.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>The one that was sent before it.</summary>
    public MessageWait? Earlier { get; set; }

    /// <summary>The one that was sent after it.</summary>
    public MessageWait? Later { get; set; }

    /// <summary>It was left: whoever waits goes on, on another thread.</summary>
    public abstract void Leave();
}
