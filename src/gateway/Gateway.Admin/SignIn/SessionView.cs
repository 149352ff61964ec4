namespace Gateway.Admin.SignIn;

/// <summary>A browser session in a response.</summary>
/// <param name="Id">The public id, which does not give access to the session.</param>
/// <param name="Operator">The operator who signed in.</param>
/// <param name="Created">The time of the sign-in.</param>
/// <param name="Seen">The approximate time of the last request; the true one may be somewhat later.</param>
/// <param name="Expires">The time at which it ends if it is not used.</param>
/// <param name="From">The address from which the operator signed in.</param>
/// <param name="Agent">The browser's user agent.</param>
/// <param name="IsThis">True for the session of the request.</param>
internal sealed record SessionView(
    string Id,
    string Operator,
    DateTimeOffset Created,
    DateTimeOffset Seen,
    DateTimeOffset Expires,
    string? From,
    string? Agent,
    bool IsThis);
