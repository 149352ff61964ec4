namespace Gateway.Admin.SignIn;

/// <summary>What came of signing in.</summary>
/// <param name="Who">Who it is.</param>
/// <param name="Key">The key, in this answer only, where one was asked for; else the answer has a cookie.</param>
internal sealed record SignedIn(WhoView Who, string? Key = null);
