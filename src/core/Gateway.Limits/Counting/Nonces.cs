using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>Where the 128 random bits of a write come from; simulations count instead.</summary>
public class Nonces
{
    /// <summary>A nonce that no other write of any process carries; never 0, which stands for "no record".</summary>
    public virtual UInt128 Next()
    {
        var bits = CallId.New().Bits;
        return bits == 0 ? Next() : bits;
    }
}
