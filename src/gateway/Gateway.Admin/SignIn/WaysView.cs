namespace Gateway.Admin.SignIn;

/// <summary>How one can sign in here.</summary>
/// <param name="Password">Whether a password is taken from where the question came: over TLS, or from this machine.
/// </param>
/// <param name="Passkey">Whether anybody has a passkey for this address.</param>
/// <param name="Providers">The OpenID Connect providers.</param>
internal sealed record WaysView(bool Password, bool Passkey, IReadOnlyList<ProviderWay> Providers);
