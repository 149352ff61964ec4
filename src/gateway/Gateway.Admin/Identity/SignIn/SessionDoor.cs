namespace Gateway.Admin.Identity.SignIn;

/// <summary>Where a browser is signed in. A cookie of one door means nothing at another.</summary>
public enum SessionDoor
{
    /// <summary>The operator's API and console.</summary>
    Operators,

    /// <summary>The pages at which operators allow clients, at the issuer's origin.</summary>
    Issuer,
}
