using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The source of the 128 random bits of a write. Simulations count instead.</summary>
public class Nonces
{
    /// <summary>
    /// Returns a nonce that no other write of any process carries; never 0, which stands for "no record".
    /// </summary>
    public virtual UInt128 Next()
    {
        var bits = CallId.New().Bits;
        return bits == 0 ? Next() : bits;
    }
}
