namespace Gateway.Proxy.Waiting;

/// <summary>The form in which a late response enters the stream that was begun for its call.</summary>
internal enum WaitingForm
{
    /// <summary>The response is an event stream itself.</summary>
    Events,

    /// <summary>The response is one JSON-RPC message.</summary>
    Json,

    /// <summary>The response has no body that a client could read in a stream.</summary>
    Other,
}
