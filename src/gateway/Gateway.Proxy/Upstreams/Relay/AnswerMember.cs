namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The members that determine if a message is a response.</summary>
internal enum AnswerMember
{
    /// <summary>Any other member.</summary>
    Other,

    /// <summary>The id of the request that it responds to.</summary>
    Id,

    /// <summary>The result, which may contain <c>isError</c>.</summary>
    Result,

    /// <summary>The error in place of the result.</summary>
    Error,

    /// <summary>The member of requests and notifications, which a response does not have.</summary>
    Method,
}
