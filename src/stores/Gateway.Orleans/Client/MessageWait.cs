namespace Gateway.Orleans.Client;

/// <summary>
/// A wait for a message that can be abandoned: the waiting caller then continues, and a later reply is ignored.
/// <see cref="OwnersMoving"/> owns the wait and moves it in its list under its lock.
/// </summary>
internal abstract class MessageWait
{
    /// <summary>Time of sending, by the monotonic clock.</summary>
    public long SentAt { get; set; }

    /// <summary>True while the wait can still be abandoned.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>The wait for the message that was sent before.</summary>
    public MessageWait? Earlier { get; set; }

    /// <summary>The wait for the message that was sent after.</summary>
    public MessageWait? Later { get; set; }

    /// <summary>Abandons the wait; the caller continues on another thread.</summary>
    public abstract void Leave();
}
