namespace Gateway.Proxy.Calls;

/// <summary>The stream of events that began before the answer to a call, as far as other stages know it.</summary>
internal interface ICallStream
{
    /// <summary>Sends a comment, so that nothing in between takes the connection for dead.</summary>
    ValueTask SendCommentAsync(CancellationToken cancellationToken);

    /// <summary>Ends the stream after the call was answered.</summary>
    ValueTask EndAsync();
}
