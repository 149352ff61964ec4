namespace Gateway.Orleans.Grains;

/// <summary>Where the answer to a waiting call goes; it may be asked about again before it is answered.</summary>
/// <param name="Message">The message that asked.</param>
/// <param name="Index">Which of its questions.</param>
/// <param name="Other">The question that asked for the same call before this one.</param>
internal sealed record PendingReply(ReplyCollector Message, int Index, PendingReply? Other);
