namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>No access token was had. The message is for operators and agents alike, and holds no secret.</summary>
internal sealed class OAuthException(string message, Exception? inner = null) : Exception(message, inner);
