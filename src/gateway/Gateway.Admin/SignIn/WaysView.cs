namespace Gateway.Admin.SignIn;

/// <summary>The available ways to sign in.</summary>
/// <param name="Password">True if a password is accepted on this connection: over TLS, or from this machine.</param>
/// <param name="Passkey">True if any operator has a passkey for this address.</param>
/// <param name="Providers">The OpenID Connect providers.</param>
internal sealed record WaysView(bool Password, bool Passkey, IReadOnlyList<ProviderWay> Providers);
