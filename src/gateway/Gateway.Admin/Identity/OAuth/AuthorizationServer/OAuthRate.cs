namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Requests that are counted by address, each kind by itself.</summary>
internal enum OAuthRate
{
    /// <summary>For <c>/authorize</c>, by a client that is not registered.</summary>
    Authorize,

    /// <summary>For the pages of operators who are not signed in.</summary>
    SignIn,

    /// <summary>A registration that is valid.</summary>
    Register,

    /// <summary>A registration that is rejected.</summary>
    RejectedRegister,

    /// <summary>For a token, or to revoke one, by a client that is not registered or not authenticated.</summary>
    Token,
}
