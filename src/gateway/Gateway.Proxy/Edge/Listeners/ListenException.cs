namespace Gateway.Proxy.Edge.Listeners;

/// <summary>An address cannot be listened on as it was given; the message is one line with the way out.</summary>
public sealed class ListenException(string message, Exception? inner = null) : IOException(message, inner);
