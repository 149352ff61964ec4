namespace Gateway.Orleans.Grains;

/// <summary>The destination of a waiting call's reply; the call may be requested again before it has one.</summary>
/// <param name="Message">The message that contained the request.</param>
/// <param name="Index">The request's index in the message.</param>
/// <param name="Other">The previous request for the same call.</param>
internal sealed record PendingReply(ReplyCollector Message, int Index, PendingReply? Other);
