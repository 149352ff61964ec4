namespace Gateway.Control.Notifications.Outbox;

/// <summary>The result of one try to notify a channel.</summary>
/// <param name="Problem">The reason why it was not accepted; null if it was.</param>
/// <param name="RetryAfter">The pause that the receiver requested; null for none.</param>
/// <param name="IsGone">True if it must not be tried again (HTTP 410).</param>
/// <param name="Receipt">The receipt by which the message is changed later; null if it cannot be changed.</param>
public readonly record struct DeliveryResult(
    string? Problem, TimeSpan? RetryAfter = null, bool IsGone = false, string? Receipt = null)
{
    /// <summary>The result of a try that the receiver accepted.</summary>
    public static DeliveryResult Done { get; }

    /// <summary>True if the receiver accepted the message.</summary>
    public bool IsDone => Problem is null;
}
