namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The members that make a message an answer, or none.</summary>
internal enum AnswerMember
{
    /// <summary>Any other member.</summary>
    Other,

    /// <summary>Whose answer it is.</summary>
    Id,

    /// <summary>The answer, which may still say <c>isError</c>.</summary>
    Result,

    /// <summary>The error in the answer's place.</summary>
    Error,

    /// <summary>What a request or a notification has, and no answer.</summary>
    Method,
}
