using Gateway.Limits.Counting;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Nonces for a journal: 64 random bits. They tell apart the writes of the one process that has it, one record from the
/// next; 128 are for stores where any process may write.
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
