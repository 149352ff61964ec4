namespace Gateway.Admin.Identity.SignIn;

/// <summary>Why a browser's request is refused whoever sent it.</summary>
public enum CallerProblem
{
    /// <summary>There is no reason.</summary>
    None,

    /// <summary>No page of ours made it.</summary>
    Forged,

    /// <summary>It has the proxy's header, and is not from the proxy or names nobody who may come in.</summary>
    NotTheProxy,
}
