namespace Gateway.Control.Definitions;

/// <summary>The bounds of RSA keys that the gateway accepts, for its own signatures and those of others.</summary>
public static class KeyBounds
{
    /// <summary>Minimum length of the modulus, in bits.</summary>
    public const int RsaBitsMin = 2048;

    /// <summary>Maximum length of the modulus of another party's key, in bits.</summary>
    public const int RsaBitsMax = 8192;

    /// <summary>Maximum length of the exponent of another party's key, in bits.</summary>
    public const int RsaExponentBitsMax = 64;
}
