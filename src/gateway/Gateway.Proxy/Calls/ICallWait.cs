namespace Gateway.Proxy.Calls;

/// <summary>A call that waits for a person, as far as its other stages know.</summary>
internal interface ICallWait : IDisposable
{
    /// <summary>Ends the stream, if one was begun, after the call was answered.</summary>
    ValueTask EndAsync();
}
