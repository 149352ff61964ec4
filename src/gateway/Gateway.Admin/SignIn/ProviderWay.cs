namespace Gateway.Admin.SignIn;

/// <summary>A provider to sign in with.</summary>
/// <param name="Name">What it is called in addresses.</param>
/// <param name="DisplayName">What people know it as.</param>
/// <param name="Path">Where a browser is sent to begin, below <c>/api/v1/</c>; <c>?return=PATH</c> says where it goes
/// on.</param>
internal sealed record ProviderWay(string Name, string DisplayName, string Path);
