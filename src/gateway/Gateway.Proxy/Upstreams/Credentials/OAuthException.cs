namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// The error that no access token could be obtained. The message is for operators and agents alike, and contains no
/// secret.
/// </summary>
internal sealed class OAuthException(string message, Exception? inner = null) : Exception(message, inner);
