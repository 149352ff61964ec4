namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The error that an address cannot be listened on; the message is one line with the solution.</summary>
public sealed class ListenException(string message, Exception? inner = null) : IOException(message, inner);
