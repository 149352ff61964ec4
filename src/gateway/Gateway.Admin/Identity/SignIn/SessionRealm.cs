namespace Gateway.Admin.Identity.SignIn;

/// <summary>The surface at which a browser is signed in. A cookie of one surface is not valid at another.</summary>
public enum SessionRealm
{
    /// <summary>The admin API and the console.</summary>
    Operators,

    /// <summary>The pages on which operators allow clients, at the issuer's origin.</summary>
    Issuer,
}
