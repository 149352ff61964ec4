namespace Gateway.Admin.SignIn;

/// <summary>A provider to sign in with.</summary>
/// <param name="Name">The name in paths.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="Path">The path below <c>/api/v1/</c> at which a browser starts; <c>?return=PATH</c> sets where it
/// continues.</param>
internal sealed record ProviderWay(string Name, string DisplayName, string Path);
