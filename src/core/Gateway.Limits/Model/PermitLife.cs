namespace Gateway.Limits.Model;

/// <summary>
/// Where a permit is in its life, in one interlocked word: the stamp of that life above, the state below. Permits are
/// used again, so a holder names the life that it means; nothing that it does reaches a later one.
/// </summary>
internal struct PermitLife
{
    private const long Out = 0;
    private const long Spending = 1;
    private const long Spent = 2;
    private const long Ended = 3;
    private const int StateBits = 2;

    private long _word;

    /// <summary>Which life this is. It is never set back, and 62 bits do not run out.</summary>
    public readonly long Stamp => Volatile.Read(in _word) >> StateBits;

    /// <summary>Spends it if it is out. True for one caller in each life, who then says when it has done.</summary>
    public bool TryBeginSpending(long stamp) => TryMove(Word(stamp, Out), Word(stamp, Spending));

    /// <summary>The one that spends it has done what belongs to that.</summary>
    public void EndSpending(long stamp) => Volatile.Write(ref _word, Word(stamp, Spent));

    /// <summary>Ends this life; true for one caller, who alone may then deal with the numbers.</summary>
    /// <param name="stamp">The life that is meant.</param>
    /// <param name="unlessSpent">Whether a permit that was spent stays as it is.</param>
    public bool TryEnd(long stamp, bool unlessSpent = false)
    {
        var wait = default(SpinWait);
        while (true)
        {
            var word = Volatile.Read(in _word);
            var isSpent = word == Word(stamp, Spent);
            if (isSpent ? unlessSpent : word != Word(stamp, Out) && word != Word(stamp, Spending)) return false;

            // Whoever is spending it needs a few instructions more.
            if (word == Word(stamp, Spending)) wait.SpinOnce();
            else if (TryMove(word, Word(stamp, Ended))) return true;
        }
    }

    /// <summary>
    /// Begins the next life. Only for the one who ended the last, and to be followed by something interlocked before
    /// another is let at it.
    /// </summary>
    public void Renew() => Volatile.Write(ref _word, Word(Stamp + 1, Out));

    private bool TryMove(long from, long to) => Interlocked.CompareExchange(ref _word, to, from) == from;

    private static long Word(long stamp, long state) => (stamp << StateBits) | state;
}
