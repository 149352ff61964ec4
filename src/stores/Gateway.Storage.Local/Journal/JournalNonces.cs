using Gateway.Limits.Counting;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Generates nonces of 64 random bits for a journal. They distinguish successive writes of the single process that owns
/// it; stores with several writers need 128 bits.
/// </summary>
internal sealed class JournalNonces : Nonces
{
    /// <inheritdoc/>
    public override UInt128 Next()
    {
        var bits = unchecked((ulong)base.Next());
        return bits == 0 ? Next() : bits;
    }
}
