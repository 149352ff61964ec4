namespace Gateway.Control.Notifications.Outbox;

/// <summary>What became of one try to tell a channel.</summary>
/// <param name="Problem">Why it was not taken; null where it was.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone; null where it did not say.</param>
/// <param name="IsGone">It is not to be tried again (HTTP 410).</param>
/// <param name="Receipt">By what the message is changed later; null where it cannot be.</param>
public readonly record struct DeliveryResult(
    string? Problem, TimeSpan? RetryAfter = null, bool IsGone = false, string? Receipt = null)
{
    /// <summary>The receiver has it.</summary>
    public static DeliveryResult Done { get; }

    /// <summary>Whether the receiver has it.</summary>
    public bool IsDone => Problem is null;
}
