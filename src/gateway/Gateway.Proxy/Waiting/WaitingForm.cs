namespace Gateway.Proxy.Waiting;

/// <summary>How the answer to a held call goes into the stream that was begun for it.</summary>
internal enum WaitingForm
{
    /// <summary>It is a stream of events itself.</summary>
    Events,

    /// <summary>It is one JSON-RPC message.</summary>
    Json,

    /// <summary>It has no body that a client could read in a stream.</summary>
    Other,
}
