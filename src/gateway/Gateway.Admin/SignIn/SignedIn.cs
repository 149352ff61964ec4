namespace Gateway.Admin.SignIn;

/// <summary>The result of a sign-in.</summary>
/// <param name="Who">The operator.</param>
/// <param name="Key">The key, in this response only, if one was requested; else the response has a cookie.</param>
internal sealed record SignedIn(WhoView Who, string? Key = null);
