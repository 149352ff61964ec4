namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>How the id of an answer relates to the id of a request.</summary>
internal enum AnswerIdMatch
{
    /// <summary>Every client takes it for another request's.</summary>
    Other,

    /// <summary>Some clients take it for this request's, such as those that read <c>"1"</c> as 1.</summary>
    Perhaps,

    /// <summary>The request's own.</summary>
    Same,
}
