namespace Gateway.Admin.SignIn;

/// <summary>The available ways to sign in.</summary>
/// <param name="Password">True if a password is accepted on this connection: over TLS, or from this machine.</param>
/// <param name="Passkey">True if any operator has a passkey for this address.</param>
/// <param name="Providers">The OpenID Connect providers.</param>
internal sealed record WaysView(bool Password, bool Passkey, IReadOnlyList<ProviderWay> Providers);

/// <summary>A provider to sign in with.</summary>
/// <param name="Name">The name in paths.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="Path">The path below <c>/api/v1/</c> at which a browser starts; <c>?return=PATH</c> sets where it
/// continues.</param>
internal sealed record ProviderWay(string Name, string DisplayName, string Path);
