namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The kinds of requests that are counted by address, each separately.</summary>
internal enum OAuthRate
{
    /// <summary>Requests for <c>/authorize</c> by a client that is not registered.</summary>
    Authorize,

    /// <summary>Requests for operators' pages without a session.</summary>
    SignIn,

    /// <summary>Valid registrations.</summary>
    Register,

    /// <summary>Rejected registrations.</summary>
    RejectedRegister,

    /// <summary>
    /// Requests for a token, or to revoke one, by a client that is not registered or not authenticated.
    /// </summary>
    Token,
}
