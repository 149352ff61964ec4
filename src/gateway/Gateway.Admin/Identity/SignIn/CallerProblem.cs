namespace Gateway.Admin.Identity.SignIn;

/// <summary>The reason why a browser's request is refused regardless of its credentials.</summary>
public enum CallerProblem
{
    /// <summary>There is no problem.</summary>
    None,

    /// <summary>The request does not come from a page of the gateway.</summary>
    Forged,

    /// <summary>The request has the proxy's header, but is not from the proxy or names no active operator.</summary>
    NotTheProxy,
}
