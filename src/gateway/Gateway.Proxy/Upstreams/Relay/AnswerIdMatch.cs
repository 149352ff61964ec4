namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The relation of a response's id to a request's id.</summary>
internal enum AnswerIdMatch
{
    /// <summary>Every client treats it as the id of another request.</summary>
    Other,

    /// <summary>Some clients treat it as this request's id, such as those that read <c>"1"</c> as 1.</summary>
    Perhaps,

    /// <summary>The request's own id.</summary>
    Same,
}
