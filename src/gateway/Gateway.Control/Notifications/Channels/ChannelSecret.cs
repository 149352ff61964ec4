namespace Gateway.Control.Notifications.Channels;

/// <summary>One secret of a webhook.</summary>
/// <param name="Sealed">The secret, <c>whsec_…</c>, encrypted.</param>
/// <param name="UntilMs">The end of its use in Unix milliseconds; null for the newest.</param>
public sealed record ChannelSecret(string Sealed, long? UntilMs = null);
